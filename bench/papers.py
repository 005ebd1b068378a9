"""Contracts and notes read: what becomes of each file, how fast, how much memory, and beside what one would pick.

    python -m bench.papers

Every file of ../shared/data/contracts and ../shared/data/notes is opened in guarded processes, as an ingest does.
"words" compares with pypdf's, PDFium's own and python-docx's text: the share of their words that ours has, too
(running heads and page numbers are left out by ours on purpose). Times are processor time on one core.
"""

from __future__ import annotations

import io
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

import docx
import pypdf
import pypdfium2
from rich.console import Console
from rich.table import Table

from corpus import papers
from corpus.paper import Paper
from errors import NeedsOcr, PaperError
from pipeline import ocr
from pipeline.opening import opened_all

DATA = Path(__file__).parents[2] / "shared" / "data"
FOLDERS = ("contracts", "notes")
LEFT_OUT = frozenset({".jsonl", ".tsv"})  # labels
WORKERS = 2
PAGES = 30
MOST = 40  # files that are compared with a peer

_WORD = re.compile(r"\w{2,}")


class Outcome(NamedTuple):
    """A file and what it became."""

    path: Path
    found: Paper | PaperError


def files() -> list[Path]:
    """The contracts and notes."""
    found = [path for folder in FOLDERS for path in sorted((DATA / folder).rglob("*")) if path.is_file()]
    return [path for path in found if path.suffix not in LEFT_OUT and path.name != "PROVENANCE.md"]


def opened(paths: Sequence[Path], *, by_ocr: bool) -> tuple[list[Outcome], float]:
    """Files through the guarded processes, and the seconds that it took."""
    started = time.perf_counter()
    outcomes = opened_all(((path.read_bytes(), path.name) for path in paths), WORKERS, ocr=by_ocr)
    found = [Outcome(path, outcome) for path, outcome in zip(paths, outcomes, strict=True)]
    return found, time.perf_counter() - started


def opening(console: Console) -> list[Outcome]:
    """All files through the guarded processes, then those that need it by OCR."""
    paths = files()
    found, taken = opened(paths, by_ocr=False)
    table = Table("form", "files", "read", "pages", "MB of text", "not read", title="Contracts and notes")
    for form in sorted({path.suffix for path in paths}):
        of_form = [outcome for outcome in found if outcome.path.suffix == form]
        read = [outcome.found for outcome in of_form if isinstance(outcome.found, Paper)]
        failed = Counter(type(o.found).__name__ for o in of_form if isinstance(o.found, PaperError))
        table.add_row(
            form[1:],
            str(len(of_form)),
            str(len(read)),
            str(sum(paper.pages for paper in read)),
            f"{sum(len(paper.text) for paper in read) / 1e6:.2f}",
            ", ".join(f"{count} {reason}" for reason, count in failed.items()) or "-",
        )
    console.print(table)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    console.print(
        f"{len(paths)} files in {taken:.1f} s: {len(paths) / taken:.1f} files/s by {WORKERS} processes, "
        f"the largest of {largest:.0f} MB."
    )
    for outcome in found:
        if isinstance(outcome.found, PaperError):
            console.print(f"  {outcome.path.name}: {outcome.found}", highlight=False)
    recognition(console, [outcome.path for outcome in found if isinstance(outcome.found, NeedsOcr)])
    return found


def recognition(console: Console, paths: Sequence[Path]) -> None:
    """The scans again, by OCR."""
    if not ocr.installed() or not paths:
        console.print("Tesseract is not installed: scans are not read.")
        return
    found, taken = opened(paths, by_ocr=True)
    pages = sum(outcome.found.pages for outcome in found if isinstance(outcome.found, Paper))
    languages = "+".join(ocr.installed())
    console.print(f"By OCR ({languages}): {len(paths)} scans, {pages} pages, {pages / taken:.2f} pages/s.")


def speed(console: Console) -> None:
    """Processor time by form."""
    table = Table("form", "files", "median ms", "slowest ms", "ms/page", title="Reading, one core")
    by_form: dict[str, list[tuple[float, int]]] = {}
    for path in files():
        raw = path.read_bytes()
        started = time.process_time()
        try:
            paper = papers.read(raw, path.name)
        except PaperError:
            continue
        by_form.setdefault(path.suffix, []).append((time.process_time() - started, paper.pages))
    for form, taken in sorted(by_form.items()):
        seconds, pages = [s for s, _ in taken], sum(p for _, p in taken)
        each = f"{1000 * sum(seconds) / pages:.1f}" if pages else "-"
        table.add_row(form[1:], str(len(taken)), f"{1000 * median(seconds):.0f}", f"{1000 * max(seconds):.0f}", each)
    console.print(table)


def words(text: str) -> Counter[str]:
    """The words of a text, each as often as it is there."""
    return Counter(word.lower() for word in _WORD.findall(text))


def by_pdfium(raw: bytes) -> str:
    """PDFium's own order and lines."""
    document = pypdfium2.PdfDocument(raw)
    return "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))


def by_python_docx(raw: bytes) -> str:
    """Paragraphs, then tables."""
    document = docx.Document(io.BytesIO(raw))
    cells = {cell._tc: cell.text for table in document.tables for row in table.rows for cell in row.cells}
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells.values()])


def peers() -> Iterator[tuple[str, str, Callable[[bytes], str]]]:
    """A form, a peer's name and its text of a file."""
    yield ".pdf", "PDFium alone", by_pdfium
    yield ".pdf", "pypdf", lambda raw: "\n".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(raw)).pages)
    yield ".docx", "python-docx", by_python_docx


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one run."""
    started = time.process_time()
    work()
    return time.process_time() - started


def comparison(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Beside peers: time, and their words that ours has."""
    table = Table("form", "peer", "files", "peer ms", "our ms", "its words in ours", title="Beside peers")
    for form, name, read in peers():
        chosen = [o for o in outcomes if o.path.suffix == form and isinstance(o.found, Paper)]
        chosen = chosen[:: 1 + len(chosen) // MOST]
        theirs = ours = 0.0
        shares = []
        for outcome in chosen:
            raw = outcome.path.read_bytes()
            theirs += seconds(partial(read, raw))
            ours += seconds(partial(papers.read, raw, outcome.path.name))
            wanted = words(read(raw))
            have = words(outcome.found.text) if isinstance(outcome.found, Paper) else Counter()
            shares.append((wanted & have).total() / max(wanted.total(), 1))
        count = max(len(chosen), 1)
        share = f"{100 * sum(shares) / max(len(shares), 1):.1f} %"
        table.add_row(
            form[1:], name, str(len(chosen)), f"{1000 * theirs / count:.0f}", f"{1000 * ours / count:.0f}", share
        )
    console.print(table)


def main() -> int:
    """Print the tables; 1 where the data is not there."""
    console = Console(width=110)
    if not DATA.exists():
        console.print("../shared/data is not there: nothing measured.")
        return 1
    outcomes = opening(console)
    speed(console)
    comparison(console, outcomes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
