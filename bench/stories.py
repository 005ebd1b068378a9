"""Archive in, timeline out: the seven stories against their truth, each in a home of its own.

    python -m bench.stories [--misses]

Figures are those of ../shared/stories/score.py; the last column is their mean.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

STORIES = Path(__file__).parents[2] / "shared" / "stories"
SHOWN = (
    "commitments.precision", "commitments.recall", "commitments.f1", "commitments.debtor_side",
    "commitments.debtor_person", "commitments.due", "commitments.status", "commitments.end_to_end",
    "commitments.events.f1", "issues.precision", "issues.recall", "issues.f1", "issues.category", "issues.status",
    "signals.f1", "positions.precision", "positions.recall", "positions.f1", "positions.by", "positions.kind",
    "positions.value", "contradictions.f1", "contract_fields", "mood",
)  # fmt: skip


def main() -> None:
    """Print a table: figures down, stories across."""
    if not STORIES.is_dir():
        sys.exit("bench.stories: no ../shared/stories")
    with tempfile.TemporaryDirectory() as folder:
        stories = sorted(STORIES.glob("*.yaml"))
        _run(STORIES / "build.py", *stories, "-o", folder)
        results = {story.stem: _score(Path(folder), story.stem) for story in stories}
    print(f"{'':<26}" + "".join(f"{name[:13]:>15}" for name in (*results, "mean")))
    for figure in SHOWN:
        values = [_dig(result, figure) for result in results.values()]
        known = [v for v in values if v is not None]
        mean = sum(known) / len(known) if known else None
        print(f"{figure:<26}" + "".join(f"{'–' if v is None else format(v, '.3f'):>15}" for v in (*values, mean)))


def _score(folder: Path, story: str) -> dict[str, Any]:
    truth = json.loads((folder / f"{story}.truth.json").read_text())
    own = ",".join(truth["us"]["domains"])
    environment = {**os.environ, "SUHDE_HOME": str(folder / f"home-{story}"), "SUHDE_OWN_DOMAINS": own}
    _suhde(environment, "ingest", folder / story)
    export = folder / f"{story}.json"
    export.write_bytes(_suhde(environment, "export", "--format", "json", "--as-of", truth["as_of"]))
    misses = ["--misses"] if "--misses" in sys.argv else []
    scored = _run(STORIES / "score.py", folder / f"{story}.truth.json", export, "--json", *misses)
    found: dict[str, Any] = json.loads(scored)
    return found


def _dig(result: dict[str, Any], figure: str) -> float | None:
    found: Any = result
    for key in figure.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return None if found is None else float(found)


def _suhde(environment: dict[str, str], *args: object) -> bytes:
    command = [sys.executable, "-m", "cli", *map(str, args)]
    return subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    ).stdout


def _run(*args: object) -> bytes:
    return subprocess.run([sys.executable, *map(str, args)], stdout=subprocess.PIPE, check=True).stdout


if __name__ == "__main__":
    main()
