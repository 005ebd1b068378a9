"""`suhde analyze | zones | dates`: the readers alone, JSON Lines in and out, no database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import msgspec
import typer

from cli.exit_codes import ExitCode
from cli.ingest import load_models
from cli.output import write_json
from corpus.zones import zone
from errors import BadLine, NoSuchPath, SuhdeError
from nlp.dates import answer as answer_date

_BATCH = 64  # lines that the models read together

File = Annotated[Path | None, typer.Argument(help="JSON Lines; standard input where left out.")]
Jsonl = Annotated[bool, typer.Option("--jsonl", help="JSON Lines in and out, one line each, in order.")]
Record = Mapping[str, Any]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("analyze")(analyze)
    app.command("zones")(zones)
    app.command("dates")(dates)


def analyze(file: File = None, _jsonl: Jsonl = True) -> None:
    """Say of each sentence what its writer does with it. Keeps nothing.

    In: `{"id","date","from","to","subject","kind","text"}`, or `{"id","raw"}` with a whole RFC 5322 message.
    A line that cannot be used gives an error object in its place, and exit code 3 at the end.

    Examples:

        suhde analyze --jsonl < messages.jsonl > findings.jsonl
        echo '{"id":1,"text":"I will send it by Friday.","date":"2024-03-04"}' | suhde analyze
    """
    from pipeline.stateless import analyze as run_analyze

    analyzer = load_models()
    _convert(file, lambda records: run_analyze(analyzer, records))


def zones(file: File = None, _jsonl: Jsonl = True) -> None:
    """Say whose words each stretch of a mail's text is: own, quote, forward, signature, footer or auto.

    In: `{"id","text"}`. Out: `{"id","zones":[{"kind","start","end"}]}`, offsets in code points.

    Examples:

        echo '{"id":1,"text":"Ok!\\n\\n> Does Friday suit?"}' | suhde zones --jsonl
    """
    _convert(file, lambda records: [_zones(r) for r in records])


def dates(file: File = None, _jsonl: Jsonl = True) -> None:
    """Find the words that say when something is due, and the day they mean.

    In: `{"id","lang","anchor","sentence"}`. Out: `{"id","due","iso","from","to"}`; `due` is null where there is none.

    Examples:

        suhde dates --jsonl < sentences.jsonl > dues.jsonl
    """
    _convert(file, lambda records: [answer_date(r) for r in records])


def _zones(record: Record) -> dict[str, Any]:
    text = record.get("text")
    if not isinstance(text, str):
        raise BadLine("'text' is not a string.")
    found = [{k: v for k, v in msgspec.to_builtins(z).items() if v} | {"start": z.start} for z in zone(text)]
    return {"id": record.get("id"), "zones": found}


def _convert(file: Path | None, work: Callable[[list[Record]], list[dict[str, Any]]]) -> None:
    """Answer each line in its place; one that cannot be used gives an error object, never a stop."""
    good = True
    with _open(file) as lines:
        for batch in _batches(enumerate(lines, 1)):
            for result in _answers(batch, work):
                good &= "error" not in result
                write_json(result, indent=False)
    if not good:
        raise typer.Exit(ExitCode.BAD_INPUT)


def _open(file: Path | None) -> BinaryIO:
    if file is None:
        return sys.stdin.buffer
    try:
        return file.open("rb")
    except OSError as error:
        raise NoSuchPath(f"cannot read {file}: {error.strerror}.") from error


def _batches(lines: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    wanted = ((number, line) for number, line in lines if line.strip())
    while batch := list(islice(wanted, _BATCH)):
        yield batch


def _answers(
    batch: list[tuple[int, bytes]], work: Callable[[list[Record]], list[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    """The answers of a batch; where one line spoils it, line by line."""
    records = [_read(number, line) for number, line in batch]
    try:
        if not any(isinstance(r, SuhdeError) for r in records):
            yield from work([r for r in records if not isinstance(r, SuhdeError)])
            return
    except SuhdeError:
        pass
    for record, (number, _) in zip(records, batch, strict=True):
        try:
            if isinstance(record, SuhdeError):
                raise record
            yield from work([record])
        except SuhdeError as error:
            yield _error(number, record if not isinstance(record, SuhdeError) else {}, error)


def _read(number: int, line: bytes) -> Record | BadLine:
    try:
        record = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return BadLine(f"line {number} is not JSON: {error}.")
    return record if isinstance(record, dict) else BadLine(f"line {number} is not a JSON object.")


def _error(number: int, record: Record, error: SuhdeError) -> dict[str, Any]:
    found: dict[str, Any] = {"id": record["id"]} if "id" in record else {}
    return found | {
        "error": {"code": f"SUHDE-{error.code}", "line": number, "detail": error.detail, "advice": error.hint}
    }
