"""Papers read by their kind: a contract's facts and dated duties, what minutes put on record, a letter's sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import msgspec

from corpus.document import Document, DocumentKind, TimeSource
from corpus.genre import Genre, PaperKind
from corpus.paper import Paper
from insights.contracts import Contract, Obligation, Origin, read_contract
from insights.notes import Notes, notes
from languages import codes
from nlp.analyze import Analyzer
from nlp.findings import Act, Due, Finding
from nlp.minutes.findings import findings
from nlp.minutes.judging import Judge
from nlp.minutes.reading import minutes, opened, sentences


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was read in a paper."""

    findings: tuple[Finding, ...] = ()  # those that say something
    sentences: int = 0  # how many were read, those that say nothing included
    read: Contract | Notes | None = None  # what a contract or minutes say as such

    @property
    def at(self) -> datetime | None:
        """The day from which a contract holds, which tells better than its beginning of which day it is."""
        first = self.read.effective_date if isinstance(self.read, Contract) else None
        return datetime.combine(date.fromisoformat(str(first.value)), time(tzinfo=UTC)) if first else None


def read_paper(document: Document, analyzer: Analyzer) -> Reading:
    """What a paper says, by its kind; a mail, and a paper that is none of the kinds known, says nothing here."""
    match document.kind:
        case DocumentKind.CONTRACT:
            contract = contract_of(document)
            return Reading(findings=tuple(promises(contract)), read=contract)
        case DocumentKind.NOTES | DocumentKind.TRANSCRIPT:
            found, said = notes_of(document, analyzer)
            return Reading(findings=_telling(said), sentences=len(said), read=found)
        case DocumentKind.LETTER:
            (said,) = analyzer.analyze([document])
            return Reading(findings=_telling(said), sentences=len(said))
        case _:
            return Reading()


def contract_of(document: Document) -> Contract:
    """What a paper says as a contract. Where its language cannot be told, it is read by the rules of the first."""
    origin = Origin(document=document.id, file=document.file, message_id=document.message_id, at=document.at)
    return read_contract(_paper(document), document.language or codes()[0], origin)


def notes_of(document: Document, analyzer: Analyzer) -> tuple[Notes, tuple[Finding, ...]]:
    """What a paper says as minutes, and its sentences as findings.

    Days are counted from the paper's own, else from that of the mail that it came with.
    """
    paper = _paper(document)
    reader = opened(paper, _genre(document))
    scored = sentences(reader, analyzer)
    found = minutes(reader, scored, Judge.load())
    return notes(found, paper.text, document.id, document.file), findings(found, scored)


def promises(contract: Contract) -> Iterator[Finding]:
    """The duties of a contract that somebody owes by a day of their own: what a manager chases.

    The others stand for as long as the contract does, and stay in it.
    """
    for duty in contract.obligations:
        if duty.party is not None and (when := _due(duty)) is not None:
            yield Finding(
                start=duty.source.start,
                end=duty.source.end,
                acts=(Act.COMMIT,),
                debtor=duty.party,
                due=when,
                confidence={Act.COMMIT.value: duty.confidence, "debtor": duty.confidence, "due": duty.confidence},
            )


def _due(duty: Obligation) -> Due | None:
    if duty.due is None or duty.due_date is None:
        return None
    at = duty.source.quote.find(duty.due)
    start = duty.source.start + max(0, at)
    day = duty.due_date
    return Due(
        words=duty.due,
        start=start,
        end=start + len(duty.due) if at >= 0 else duty.source.end,
        iso=day.isoformat(),
        first=day,
        last=day,
    )


def _telling(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in found if finding.kept)


def _paper(document: Document) -> Paper:
    if (paper := document.paper) is None:
        raise ValueError(f"{document.id} is no paper")
    return paper


def _genre(document: Document) -> Genre:
    """What was told of a document when it was filed."""
    return Genre(
        kind=PaperKind(document.kind.value),
        confidence=document.kind_confidence,
        language=document.language,
        day=document.at.date() if document.at else None,
        day_confidence=float(document.time_source is TimeSource.TEXT),
    )
