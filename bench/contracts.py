"""What contracts say, beside a reader by keywords: `python -m bench.contracts [--misses FACT]`.

CUAD (rules are chosen on the contracts with even numbers, the odd ones are set aside and their misses never shown;
categories by span overlap, dates and periods exactly), the contracts that readers labelled (score.py of
../shared/gold/documents), the stories' contracts, and how often a fact is right at each confidence. The reader by
keywords takes the first sentence that holds one of a fact's words, and the first date or period in it. Contracts are
read whole, as `suhde contract` reads them.
"""

from __future__ import annotations

import json
import mailbox
import re
import runpy
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from corpus.papers import read
from insights.contracts import FACTS, Contract, ContractFact, Origin, as_json, read_contract
from nlp.amounts import periods, written_days
from nlp.clauses import clauses, passages

SHARED = Path(__file__).parents[2] / "shared"
GOLD = SHARED / "gold" / "documents"
CATEGORIES = {
    "governing_law": ("Governing Law",),
    "effective_date": ("Effective Date", "Agreement Date"),
    "end_date": ("Expiration Date",),
    "auto_renewal": ("Renewal Term",),
    "notice": ("Notice Period To Terminate Renewal", "Termination For Convenience"),
    "liability_cap": ("Cap On Liability",),
    "penalty": ("Liquidated Damages",),
}
KEYWORDS = {
    "governing_law": ("governing law", "governed by"),
    "effective_date": ("effective date", "dated", "as of"),
    "end_date": ("expire", "term of this agreement"),
    "auto_renewal": ("renew",),
    "notice": ("notice of termination", "written notice"),
    "liability_cap": ("limitation of liability", "liable"),
    "penalty": ("liquidated damages", "penalty"),
}
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})")
_RENEWAL = re.compile(r"(?i)renew|exten")  # else nothing is said of one
_PERIOD = re.compile(r"(?:successive )?(\d{1,3}) (day|month|year)s?")
_PAPERS = {".docx", ".pdf", ".txt"}
_BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


class Found(NamedTuple):
    """What a reader says of one fact."""

    value: object
    quote: str
    confidence: float


Answers = Mapping[str, Found]
Tally = dict[str, list[int]]  # by name: true, got, right


def main() -> None:
    """Print every table."""
    if not GOLD.is_dir():
        sys.exit("bench.contracts: no ../shared/gold/documents")
    misses = sys.argv[sys.argv.index("--misses") + 1] if "--misses" in sys.argv else None
    started, chances = time.process_time(), list[tuple[float, bool]]()
    _cuad(misses, chances)
    for name in ("contracts-fi-dev.jsonl", "contracts-en-extra-dev.jsonl"):
        _labelled(GOLD / name)
    _stories()
    _calibration(chances)
    Console().print(f"CPU {time.process_time() - started:.0f} s in all")


def ours(path: Path, language: str) -> Contract:
    """A file as `suhde contract` reads it."""
    return read_contract(read(path.read_bytes(), path.name), language, Origin(document=path.name, file=path.name))


def by_keywords(path: Path) -> dict[str, Found]:
    """The first sentence with one of a fact's words, and the first date or period in it."""
    paper = read(path.read_bytes(), path.name)
    said = passages(paper, clauses(paper), "en")
    found = {}
    for fact, words in KEYWORDS.items():
        first = next((p for p in said if any(word in p.text.lower() for word in words)), None)
        if first is not None:
            days, lengths = written_days(first.text, "en"), periods(first.text, "en")
            day = days[0].day.isoformat() if days else None
            length = {"length": lengths[0].length, "unit": lengths[0].unit} if lengths else None
            found[fact] = Found(length if fact == "notice" else day, first.text, 1.0)
    return found


def _answers(contract: Contract) -> dict[str, Found]:
    """The facts of ours, with the end under whatever tells it."""
    told = {name: fact for name in FACTS if isinstance(fact := getattr(contract, name), ContractFact)}
    found = {
        n: _as_found(fact) for n, fact in told.items() if fact.value is not False or _RENEWAL.search(fact.source.quote)
    }
    end = next((found[n] for n in ("end_date", "term_months", "indefinite") if n in found), None)
    return found | ({"end_date": end} if end else {})


def _as_found(fact: ContractFact) -> Found:
    value = fact.value
    plain = value if isinstance(value, str | int) else {"length": value.length, "unit": value.unit}
    return Found(plain, fact.source.quote, fact.confidence)


def _cuad(misses: str | None, chances: list[tuple[float, bool]]) -> None:
    rows = _lines(SHARED / "data" / "contracts" / "labels" / "cuad_subset.jsonl")
    parties: dict[bool, list[int]] = {True: [0, 0, 0, 0], False: [0, 0, 0, 0]}
    tallies: dict[tuple[bool, str], Tally] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for row in rows:
        path = SHARED / "data" / "contracts" / row["file"].removeprefix("contracts/")
        held = int(re.findall(r"\d+", path.stem)[0]) % 2 == 1
        contract = ours(path, "en")
        readers = {"ours": _answers(contract), "keywords": by_keywords(path)}
        text = path.read_text(encoding="utf-8")
        for reader, answers in readers.items():
            seen = chances if reader == "ours" and held else []
            _count(
                row["labels"],
                answers,
                text,
                tallies[held, reader],
                seen,
                misses if reader == "ours" and not held else None,
            )
        _count_parties(row["labels"]["Parties"]["answer"], [p.name for p in contract.parties], parties[held])
    for held in (False, True):
        title = "CUAD, half set aside" if held else "CUAD, half to choose by"
        _print_cuad(title, tallies[held, "ours"], tallies[held, "keywords"], parties[held])


def _count(
    labels: Mapping[str, Any], answers: Answers, text: str, tally: Tally, chances: list[tuple[float, bool]],
    misses: str | None,
) -> None:  # fmt: skip
    for fact, names in CATEGORIES.items():
        true = [span for name in names for span in _spans(labels.get(name))]
        found = answers.get(fact)
        at = _place(text, found.quote) if found else None
        right = at is not None and any(_overlap(at, span) for span in true)
        _add(tally, fact, bool(true), found is not None, right)
        if found:
            chances.append((found.confidence, right))
        if misses == fact and right != bool(true or found):
            sys.stderr.write(f"{[text[a:b][:300] for a, b in true]}\n  got {found}\n\n")
    for fact, want in _exact(labels).items():
        found = answers.get(fact)
        _add(tally, f"{fact}, exact", True, found is not None, found is not None and found.value == want)


def _exact(labels: Mapping[str, Any]) -> dict[str, object]:
    """The values that CUAD normalises: dates, and the notice that stops a renewal."""
    answer = {name: str((labels.get(name) or {}).get("answer", "")).strip() for name in labels}
    found: dict[str, object] = {}
    if day := _day(answer.get("Effective Date", "")) or _day(answer.get("Agreement Date", "")):
        found["effective_date"] = day
    if day := _day(answer.get("Expiration Date", "")):
        found["end_date"] = day
    if match := _PERIOD.fullmatch(answer.get("Notice Period To Terminate Renewal", "")):
        found["notice"] = {"length": int(match[1]), "unit": match[2]}
    return found


def _day(answer: str) -> str | None:
    match = _AMERICAN.fullmatch(answer)
    if match is None or int(match[1]) > 12:
        return None
    year = int(match[3])
    year += 0 if year > 99 else 1900 if year >= 50 else 2000
    return f"{year:04}-{int(match[1]):02}-{int(match[2]):02}"


def _spans(label: Mapping[str, Any] | None) -> Iterator[tuple[int, int]]:
    for clause in (label or {}).get("clauses", ()):
        yield from [clause["span"]] if clause.get("span") else clause.get("spans") or ()


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans share half of the shorter one."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared >= 0.5 * min(one[1] - one[0], other[1] - other[0])


def _place(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote of the paper stands in the file, whatever its white space and hyphens."""
    letters, places = _letters(text)
    wanted, _ = _letters(quote)
    at = letters.find(wanted)
    return (places[at], places[at + len(wanted) - 1] + 1) if at >= 0 and wanted else None


@cache
def _letters(text: str) -> tuple[str, tuple[int, ...]]:
    places = tuple(n for n, sign in enumerate(text) if sign.isalnum())
    return "".join(text[n] for n in places), places


def _count_parties(answer: str, names: Sequence[str], tally: list[int]) -> None:
    """True, got, true ones found, got ones right."""
    true = [part.strip() for part in re.sub(r"\([^()]*\)", "", answer).split(";") if part.strip()]
    tally[0] += len(true)
    tally[1] += len(names)
    tally[2] += sum(any(_same(t, n) for n in names) for t in true)
    tally[3] += sum(any(_same(t, n) for t in true) for n in names)


def _same(one: str, other: str) -> bool:
    a, b = (set(re.findall(r"\w+", name.lower())) for name in (one, other))
    return bool(a and b) and (a <= b or b <= a)


def _add(tally: Tally, name: str, true: bool, got: bool, right: bool) -> None:
    for n, value in enumerate((true, got, right)):
        tally[name][n] += value


def _print_cuad(title: str, mine: Tally, theirs: Tally, parties: Sequence[int]) -> None:
    table = Table("fact", "true", "got", "precision", "recall", "F1", "F1 keywords", title=title)
    true, got, found, right = parties
    precision, recall = right / got, found / true
    f1 = 2 * precision * recall / (precision + recall)
    table.add_row("parties", str(true), str(got), *(f"{v:.2f}" for v in (precision, recall, f1)), "")
    for name, (true, got, right) in mine.items():
        values = (right / got if got else 0.0, right / true if true else 0.0, _f1(mine[name]), _f1(theirs[name]))
        table.add_row(name, str(true), str(got), *(f"{v:.2f}" for v in values))
    Console().print(table)


def _f1(counts: Sequence[int]) -> float:
    return 2 * counts[2] / (counts[0] + counts[1]) if counts[0] + counts[1] else 0.0


def _labelled(path: Path) -> None:
    """The gold set's own scorer, on the facts that the set labels."""
    rows = _lines(path)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as out:
        for row in rows:
            contract = as_json(ours(SHARED / "data" / row["file"], row["language"]))
            out.write(json.dumps({"file": row["file"]} | contract) + "\n")
        out.flush()
        scored = subprocess.run([sys.executable, GOLD / "score.py", path, out.name], stdout=subprocess.PIPE, check=True)
    print(f"\n{path.stem}")
    print("\n".join(line for line in scored.stdout.decode().splitlines() if "(true 0" not in line))


def _stories() -> None:
    """`contract_fields` of the stories' scorer, and each field that differs."""
    folder = SHARED / "stories"
    scorer = runpy.run_path(str(folder / "score.py"))
    with tempfile.TemporaryDirectory() as built:
        command: list[str | Path] = [sys.executable, folder / "build.py", *sorted(folder.glob("*.yaml")), "-o", built]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        print("\nstories: contract_fields")
        for path in sorted(Path(built).glob("*.truth.json")):
            truth = json.loads(path.read_text(encoding="utf-8"))
            if not truth.get("contracts"):
                continue
            found = [as_json(c) for c in _story_contracts(Path(built) / truth["id"], truth)]
            export = {"relationships": [{"id": truth["them"]["domains"][0], "contracts": found}]}
            scored, _ = scorer["score"](truth, export)
            print(f"{truth['id']:<24} {scored['contract_fields']:.3f}")
            for true in truth["contracts"]:
                _show_story(true, found, scorer)


def _show_story(true: Mapping[str, Any], found: Sequence[Mapping[str, Any]], scorer: Mapping[str, Any]) -> None:
    mine = next((c for c in found if str(true.get("in_ref", "")).endswith(str(c["source"]["file"]))), {})
    for fact in ("effective_date", "end_date", "term_months", "auto_renewal", "notice", "payment_days"):
        got = scorer["bare"](mine.get(fact))
        if fact in true and got != true[fact]:
            print(f"    {true['in']} {fact}: want {true[fact]}, got {got}")


def _story_contracts(folder: Path, truth: Mapping[str, Any]) -> Iterator[Contract]:
    """The contracts that lie beside a story's mail or are attached to it."""
    language = {"mixed": "en"}.get(truth["language"], truth["language"])
    files = {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.suffix in _PAPERS}
    for box in folder.rglob("*.mbox"):
        for message in mailbox.mbox(box):
            for part in message.walk():
                name = part.get_filename()
                if name and Path(name).suffix in _PAPERS:
                    files.setdefault(name, part.get_payload(decode=True))  # type: ignore[arg-type]
    for name, raw in files.items():
        yield read_contract(read(raw, name), language, Origin(document=name, file=name))


def _calibration(chances: Sequence[tuple[float, bool]]) -> None:
    table = Table(
        "confidence",
        "facts",
        "said",
        "right",
        title="How often facts are right at each confidence (CUAD, half set aside)",
    )
    for low, high in pairwise(_BINS):
        inside = [(c, r) for c, r in chances if low <= c < high]
        if inside:
            said = sum(c for c, _ in inside) / len(inside)
            right = sum(r for _, r in inside) / len(inside)
            table.add_row(f"{low:.1f}–{min(high, 1):.1f}", str(len(inside)), f"{said:.2f}", f"{right:.2f}")
    Console().print(table)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


if __name__ == "__main__":
    main()
