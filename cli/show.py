"""`suhde show`: one document, its zones and findings marked in colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.text import Text

import store.read
from cli.context import Context
from cli.ingest import load_models
from cli.options import Form, Json, chosen
from cli.output import Format, harmless, out, write_json, write_rows
from corpus.document import Document, ZoneKind
from nlp.findings import Finding, Sentiment
from store import views
from store.read import Filed

if TYPE_CHECKING:
    from nlp.occlusion import Carrier

    Why = list[dict[str, list[Carrier]]]

_ZONES = {
    ZoneKind.OWN: "",
    ZoneKind.QUOTE: "dim",
    ZoneKind.FORWARD: "dim italic",
    ZoneKind.SIGNATURE: "dim blue",
    ZoneKind.FOOTER: "dim strike",
    ZoneKind.AUTO: "dim magenta",
}
_SENTIMENTS = {Sentiment.NEGATIVE: "red", Sentiment.POSITIVE: "green", Sentiment.NEUTRAL: "bold"}


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("show")(show)
    app.command("mail")(mail)


def show(
    document: Annotated[str, typer.Argument(help="Id, the beginning of an id, or Message-ID.")],
    why: Annotated[bool, typer.Option("--why", help="Mark the words that carried each finding most.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the document and its findings as JSON.")] = False,
) -> None:
    """Show a document: the author's own words, what is quoted (dim), and what was found, sentence by sentence.

    Examples:

        suhde show 3fa9c1d2 --why
        suhde show '<4711.20240304@example.org>' --json
    """
    with Context().engine.begin() as connection:
        filed = store.read.document(connection, document)
    carried = _carried(filed) if why else [{}] * len(filed.findings)
    if json:
        write_json({**msgspec.to_builtins(filed), "why": carried} if why else filed)
        return
    _print_head(filed)
    out.print(_marked(filed.document, filed.findings, carried), soft_wrap=True)


def mail(
    organisation: Annotated[str | None, typer.Argument(help="Only with this counterparty.")] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="The mass and automatic mail that timelines leave out.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 100,
    form: Form = Format.TABLE,
    json: Json = False,
) -> None:
    """List mails, newest first, with the ids that `suhde show` takes.

    Examples:

        suhde mail acme.com
        suhde mail --quiet                       # newsletters, notices, robots
    """
    with Context().engine.begin() as connection:
        one = views.resolve(connection, organisation) if organisation else None
        found = views.mails(connection, relationship=one, quiet=quiet, limit=limit)
    cells = [
        [e.id[:12], f"{e.at:%Y-%m-%d}" if e.at else "undated", e.sending, e.author or "", e.subject] for e in found
    ]
    write_rows(found, chosen(form, json), ("id", "day", "sent as", "from", "subject"), cells)


def _print_head(filed: Filed) -> None:
    d = filed.document
    time = f"{d.at:%Y-%m-%d %H:%M} UTC ({d.time_source.value})" if d.at else "unknown"
    people = ", ".join(a.email or a.name for a in (*d.to, *d.cc))
    rows = (
        ("Document", d.id),
        ("Subject", d.subject),
        ("From", f"{d.author.name} <{d.author.email}>" if d.author else "unknown"),
        ("To", people),
        ("Time", time),
        ("Sent as", d.sending.value),
        ("Attached", ", ".join(f"{a.name} ({a.size:,} bytes)" for a in d.attachments)),
    )
    for name, value in rows:
        if value:
            out.print(Text.assemble((f"{name:>9}  ", "dim"), harmless(value)), soft_wrap=True)
    out.print()


def _carried(filed: Filed) -> Why:
    from nlp.occlusion import carriers

    return carriers(load_models(), filed.document, filed.findings)


def _marked(document: Document, findings: tuple[Finding, ...], carried: Why) -> Text:
    """The text with its zones and findings in colour, each finding followed by what it says and which words say it."""
    text = Text(harmless(document.text))
    for zone in document.zones:
        text.stylize(_ZONES[zone.kind], zone.start, zone.end)
    for finding in findings:
        text.stylize(_SENTIMENTS[finding.sentiment], finding.start, finding.end)
    for word in (word for labels in carried for words in labels.values() for word in words):
        text.stylize("underline", word.start, word.end)
    *heads, tail = text.divide([f.end for f in findings])
    marked = Text()
    for piece, finding, labels in zip(heads, findings, carried, strict=True):
        said = [
            f"{label}: {', '.join(document.text[w.start : w.end] for w in words)}" for label, words in labels.items()
        ]
        because = f"; {'; '.join(said)}" if said else ""
        marked.append_text(piece).append(harmless(f" [{_say(finding)}{because}]"), style="cyan")
    return marked.append_text(tail)


def _say(f: Finding) -> str:
    parts = [a.value for a in f.acts]
    if f.issue:
        parts.append(f"issue: {f.issue.value} {f.severity or ''}".strip())
    if f.signal:
        parts.append(f.signal.value)
    if f.sentiment is not Sentiment.NEUTRAL:
        parts.append(f.sentiment.value)
    if f.debtor:
        parts.append(f"by {f.debtor}")
    if f.due:
        parts.append(f"due {f.due.iso if f.due.iso != '?' else f.due.words}")
    if f.conditional:
        parts.append("if")
    return ", ".join(parts)
