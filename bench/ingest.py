"""Whole archives in: sums, speed by stage, peak memory, and what a second run costs.

    python -m bench.ingest                     the three real archives, with the models
    python -m bench.ingest --no-models         parse, zones, threads, store
    python -m bench.ingest --times 4 --no-models    each archive four times over, under other Message-IDs

Beside it: Python's `mailbox` and `email` on the same file, reading each message's text and no more, which is where a
user's own script begins. Peak memory is that of all processes together but the database's own.
"""

from __future__ import annotations

import argparse
import json
import mailbox
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

MAIL = Path(__file__).parents[2] / "shared" / "data" / "mail"
ARCHIVES = {
    "enron.mbox": "",
    "usrp-users.mbox": "ettus.com,ni.com",
    "spamassassin.mbox": "",
}


def main() -> None:
    """Print one block an archive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="*", type=Path, default=[MAIL / name for name in ARCHIVES])
    parser.add_argument("--no-models", action="store_true")
    parser.add_argument("--times", type=int, default=1)
    args = parser.parse_args()
    if not all(path.exists() for path in args.archives):
        sys.exit("bench.ingest: no ../shared/data/mail; name archives of your own")
    for path in args.archives:
        with tempfile.TemporaryDirectory() as folder:
            _measure(
                _repeated(path, args.times, Path(folder)), ARCHIVES.get(path.name, ""), args.no_models, Path(folder)
            )


def _measure(path: Path, own: str, no_models: bool, folder: Path) -> None:
    report, peak = _ingest(path, own, no_models, folder / "home")
    again, _ = _ingest(path, own, no_models, folder / "home")
    print(f"\n{path.name} ({path.stat().st_size / 1e6:.0f} MB){', without models' if no_models else ''}")
    keys = ("seen", "stored", "duplicate", "quarantined", "skipped", "enclosed", "sentences", "relationships")
    print("  " + ", ".join(f"{key} {report[key]:,}" for key in keys))
    print(f"  first run   {report['seen'] / report['seconds']:10,.0f} messages/s   ({report['seconds']:.1f} s)")
    for stage, seconds in report["stages"].items():
        print(f"    {stage:<14}{report['seen'] / seconds:10,.0f} messages/s   ({seconds:.1f} s)")
    derived = sum(report["stages"].get(stage, 0.0) for stage in ("relationships", "insights"))
    filed = report["seconds"] - derived
    print(f"  up to threads {report['seen'] / filed:8,.0f} messages/s   ({filed:.1f} s)")
    print(f"  second run  {again['seen'] / again['seconds']:10,.0f} messages/s   ({again['seconds']:.1f} s)")
    print(f"  peak memory {peak / 2**20:10,.0f} MiB")
    print(f"  mailbox + email alone {_plain(path):,.0f} messages/s")


def _ingest(path: Path, own: str, no_models: bool, home: Path) -> tuple[dict[str, Any], int]:
    """The report of one run, and the peak of its processes' resident memory in bytes."""
    environment = {**os.environ, "SUHDE_HOME": str(home), "SUHDE_OWN_DOMAINS": own}
    command = [sys.executable, "-m", "cli", "ingest", "--json", str(path), *(["--no-models"] if no_models else [])]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_resident(psutil.Process(process.pid))))
        time.sleep(0.1)
    out, _ = process.communicate()
    return json.loads(out), peak


def _resident(process: psutil.Process) -> Iterator[int]:
    """Memory of a process and those below it that are no database."""
    try:
        for one in (process, *process.children(recursive=True)):
            if "postgres" not in one.name() and "pg_ctl" not in one.name():
                yield one.memory_info().rss
    except psutil.Error:
        return


def _plain(path: Path) -> float:
    started, count = time.perf_counter(), 0
    for message in mailbox.mbox(path):
        for part in message.walk():
            if part.get_content_maintype() == "text":
                part.get_payload(decode=True)
        count += 1
    return count / (time.perf_counter() - started)


def _repeated(path: Path, times: int, folder: Path) -> Path:
    """The archive over and over, so that no copy is a duplicate: each has Message-IDs and subjects of its own."""
    if times == 1:
        return path
    target = folder / f"{times}x-{path.name}"
    content = path.read_bytes()
    with target.open("wb") as out:
        for n in range(times):
            renamed = re.sub(rb"(?im)^(message-id:\s*<)", rb"\g<1>%d." % n, content)
            out.write(re.sub(rb"(?im)^(subject:)", rb"\g<1> %d" % n, renamed))
    return target


if __name__ == "__main__":
    main()
