"""The examples of the API's description: values of the very types that the routes answer with."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from api.wire import Analysis, Record, Relationship, Sentence
from corpus.document import Address, Document, DocumentKind, TimeSource, Zone, ZoneKind
from corpus.genre import PaperKind
from insights.attention import ReasonKind, ReasonToAct
from insights.contradictions import Contradiction
from insights.corrections import Action, Correction, Said
from insights.entries import EntryKind, entry
from insights.insight import (
    Commitment,
    CommitmentEvent,
    CommitmentStep,
    DueDay,
    Issue,
    IssueEvent,
    IssueStep,
    MonthRhythm,
    OpenQuestion,
    Party,
    Rhythm,
    Side,
    Source,
)
from insights.negotiations import Negotiation, Position, PositionKind, bargain
from insights.placing import Reason
from insights.practices.patterns import (
    Comparison,
    Counted,
    Departure,
    Example,
    Figure,
    Lack,
    Pattern,
    Scale,
    Silence,
    Study,
)
from insights.practices.wording import tell
from insights.voices import Voice
from nlp.findings import Act, Due, Finding, IssueCategory
from pipeline.jobs import Job
from store.papers import Placed
from store.portfolio import Brief, MonthTone, Owed
from store.read import Filed
from store.search import Hit
from store.views import Overview, Person, Shown

_DAY = date(2024, 3, 20)
_TEXT = "Hi Anna,\nI will send the drawings by Friday.\nThe last delivery was two weeks late."
_ID = "5b0f0a1d8c2e4f6a9b7c3d1e0f2a4b6c"
_AT = datetime(2024, 3, 11, 8, 15, tzinfo=UTC)
_TOM = Party(id="tom@acme.example", name="Tom Reed", side=Side.THEM, email="tom@acme.example")
_ANNA = Party(id="anna@ours.example", name="Anna Salo", side=Side.US, email="anna@ours.example")
_DUE = DueDay(words="by Friday", first=date(2024, 3, 15), last=date(2024, 3, 15))


def _source(start: int, end: int) -> Source:
    return Source(document=_ID, message_id="<4711@acme.example>", at=_AT, quote=_TEXT[start:end], start=start, end=end)


_SENT = _source(9, 44)
_LATE = _source(45, 82)
_LATER = Source(
    document="0c9d2b7e", at=datetime(2024, 3, 14, 9, 0, tzinfo=UTC), quote="The drawings are attached.", start=0, end=26
)
_COMMITMENT = Commitment(
    id="commitment-5b0f0a1d-9",
    debtor=_TOM,
    creditor=_ANNA,
    action="send the drawings",
    made=_SENT,
    due=_DUE,
    history=(CommitmentStep(event=CommitmentEvent.FULFILLED, source=_LATER),),
    confidence=0.94,
)
_ISSUE = Issue(
    id="issue-5b0f0a1d-45",
    category=IssueCategory.DELIVERY,
    severity=2,
    opened=_LATE,
    raised_by=_TOM,
    history=(IssueStep(event=IssueEvent.ACKNOWLEDGED, source=_LATER, by=_ANNA),),
    confidence=0.81,
).as_of(_DAY)
_QUESTION = OpenQuestion(
    id="question-0c9d2b7e-27",
    asked=Source(document="0c9d2b7e", at=_LATER.at, quote="Does Monday suit you?", start=27, end=48),
    by=_TOM,
    act=Act.QUESTION,
    confidence=0.9,
)


def _shown(about: Commitment | Issue | OpenQuestion, kind: EntryKind) -> Shown:
    one = entry(about)
    return Shown(
        id=one.id,
        relationship="acme.example",
        kind=kind,
        at=one.at,
        title=one.title,
        status=one.status(_DAY),
        side=one.side,
        due=one.due,
        confidence=one.confidence,
        sources=one.sources,
        detail=about,
    )


def _stand(
    by: Side, kind: PositionKind, value: float, at: datetime, quote: str, *, concession: bool = False
) -> Position:
    source = Source(document="7a1c3e5f", message_id="<12@acme.example>", at=at, quote=quote, start=0, end=len(quote))
    return Position(by=by, kind=kind, value=value, source=source, unit="EUR/m2", concession=concession, confidence=0.9)


BARGAIN = bargain(
    Negotiation(
        id="negotiation-7a1c3e5f-0",
        topic="price: oak",
        term="price",
        unit="EUR/m2",
        positions=(
            _stand(Side.THEM, PositionKind.OFFER, 8.4, _AT, "We offer oak at EUR 8.40 per m2."),
            _stand(Side.US, PositionKind.COUNTER, 7.6, _AT, "Our counter-offer is EUR 7.60 per m2."),
            _stand(Side.THEM, PositionKind.COUNTER, 8.0, _AT, "We could come down to 8.00.", concession=True),
        ),
        confidence=0.93,
    ),
    _DAY,
)
CONTRADICTION = Contradiction(
    id="contradiction-0c9d2b7e-48",
    about="payment_time",
    contract="contract-9e1f7a3c",
    said=Source(document="0c9d2b7e", at=_LATER.at, quote="Payable within 14 days as usual.", start=48, end=80),
    clause=Source(
        document="9e1f7a3c5d2b4e6f8a0c1b3d5e7f9a2b", file="Framework_Supply_Agreement.pdf",
        at=datetime(2024, 1, 15, tzinfo=UTC), quote="Invoices are payable within 30 days.", start=2210, end=2246,
    ),
    confidence=0.86,
)  # fmt: skip
COMMITMENT = _shown(_COMMITMENT, EntryKind.COMMITMENT)
ISSUE = _shown(_ISSUE, EntryKind.ISSUE)
QUESTION = _shown(_QUESTION, EntryKind.QUESTION)
CORRECTION = Correction(
    number=17,
    insight=_COMMITMENT.id,
    relationship="acme.example",
    kind=EntryKind.COMMITMENT,
    said=Said(action=Action.CLOSE, status="fulfilled", day=date(2024, 3, 14)),
    found=_COMMITMENT,
    seen=_LATER.at,
    by="anna",
    at=datetime(2024, 3, 20, 7, 30, tzinfo=UTC),
)
OVERVIEW = Overview(
    id="acme.example",
    name="Acme",
    kind="customer",
    external_id="0015g00000XyZ",
    owner="anna@ours.example",
    domains=("acme.example", "acme-service.example"),
    documents=128,
    quiet=3,
    first=datetime(2023, 9, 4, 6, 30, tzinfo=UTC),
    last=datetime(2024, 3, 14, 9, 0, tzinfo=UTC),
    open_commitments=4,
    overdue=1,
    open_issues=1,
    mood="neutral",
    rhythm=Rhythm(
        sent=61,
        received=67,
        our_reply_hours=5.5,
        their_reply_hours=9.0,
        our_replies=40,
        their_replies=38,
        months=(MonthRhythm(id="volume-2024-02", month="2024-02", sent=9, received=11, our_reply_hours=4.0),),
    ),
)
REASON = ReasonToAct(
    kind=ReasonKind.OVERDUE_BY_THEM,
    insight="commitment-5b0f0a1d-9",
    since=date(2024, 3, 16),
    due=date(2024, 3, 15),
    side=Side.THEM,
    who=_TOM,
    title="send the drawings",
    sources=(_SENT,),
    confidence=0.94,
)
BRIEF = Brief(
    id="acme.example",
    name="Acme",
    kind="customer",
    external_id="0015g00000XyZ",
    owner="anna@ours.example",
    reasons=(REASON,),
    held={"overdue_by_them": 1},
    ours=Owed(coming=2, next=date(2024, 3, 22)),
    theirs=Owed(overdue=1),
    open_commitments=4,
    overdue=1,
    open_issues=1,
    moods=(MonthTone(month="2024-02", mood="neutral", score=0.08),),
    mood="neutral",
    documents=128,
    first=datetime(2023, 9, 4, 6, 30, tzinfo=UTC),
    last=datetime(2024, 3, 14, 9, 0, tzinfo=UTC),
    contract_day=date(2024, 9, 30),
)
VOICE = Voice(
    party=_TOM,
    letters=61,
    first=datetime(2023, 9, 4, 6, 30, tzinfo=UTC),
    last=datetime(2024, 2, 27, 13, 5, tzinfo=UTC),
    sentences=402,
    score=0.12,
    low=-0.11,
    high=0.35,
    replies=37,
    working_hours=6.5,
)
RELATIONSHIP = Relationship(
    **msgspec.structs.asdict(OVERVIEW),
    people=(Person(id="tom@acme.example", name="Tom Reed", emails=("tom@acme.example",)),),
)
DOCUMENT = Filed(
    document=Document(
        id=_ID,
        kind=DocumentKind.EMAIL,
        text=_TEXT,
        zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(_TEXT)),),
        subject="Drawings",
        message_id="4711@acme.example",
        at=_AT,
        utc_offset=0,
        time_source=TimeSource.DATE,
        author=Address("tom@acme.example", "Tom Reed"),
        to=(Address("anna@ours.example", "Anna Salo"),),
        language="en",
    ),
    findings=(
        Finding(
            start=9,
            end=44,
            acts=(Act.COMMIT,),
            debtor="writer",
            due=Due(
                words="by Friday",
                start=34,
                end=43,
                iso="2024-03-15",
                first=date(2024, 3, 15),
                last=date(2024, 3, 15),
            ),
            confidence={"commit": 0.97, "sentiment": 0.93, "due": 0.96},
        ),
    ),
    sentences=3,
    thread=_ID,
)
PLACED = Placed(
    id="9e1f7a3c5d2b4e6f8a0c1b3d5e7f9a2b",
    kind=PaperKind.CONTRACT,
    kind_confidence=0.97,
    language="en",
    day=date(2024, 1, 15),
    title="Framework Supply Agreement",
    file="Framework_Supply_Agreement.pdf",
    place="archive.mbox, message 12 (byte 48,112), Framework_Supply_Agreement.pdf",
    relationship="acme.example",
    confidence=0.993,
    reason=Reason.PARTY,
    passed_over=None,
)
HIT = Hit(
    document=_ID,
    kind=DocumentKind.EMAIL,
    at=_AT,
    title="Drawings",
    author="Tom Reed",
    relationships=("acme.example",),
    zone=ZoneKind.OWN,
    quote=_TEXT,
    start=0,
    end=len(_TEXT),
    found=((25, 33),),
)
RECORD = Record(id="1", text="I will send it by Friday.", date="2024-03-04", from_="tom@acme.example")
RAW = Record(id="2", raw="From: tom@acme.example\nDate: Mon, 4 Mar 2024 10:00:00 +0200\n\nIt is two weeks late.")
ANALYSIS = Analysis(
    id="1",
    sentiment="neutral",
    sentences=(
        Sentence(
            start=0,
            end=25,
            zone="own",
            sentiment="neutral",
            acts=("commit",),
            issue=None,
            severity=None,
            signal=None,
            debtor="writer",
            due="by Friday",
            due_date="2024-03-08",
            conditional=False,
            confidence={"commit": 0.97, "sentiment": 0.95, "debtor": 0.93, "due": 0.98},
        ),
    ),
)
WAITING = Job(id=17, status="todo")
DONE = Job(id=17, status="succeeded", document=_ID, outcome="stored")
PRACTICES = tell(
    Study(
        as_of=_DAY,
        counted=Counted(relationships=41, cases={"promise": 612, "answer": 1480, "contract": 17}),
        tests=96,
        patterns=(
            Pattern(
                id="practice-promise-unit-north",
                topic="promise.unit",
                group="North",
                comparison=Comparison.WITHIN,
                scale=Scale.SHARE,
                n=402,
                relationships=31,
                value=0.86,
                other=0.62,
                effect=0.24,
                low=0.15,
                high=0.33,
                p=0.0001,
                q=0.0019,
                examples=(Example(relationship="acme.example", id=_COMMITMENT.id, document=_ID, start=9, value=1.0),),
            ),
        ),
        figures=(
            Figure(measure="answer", factor="", group="", n=1480, relationships=41, value=0.71, low=0.66, high=0.76),
        ),
        departures=(Departure(topic="contract.payment_days", group="", count=3, n=14, relationships=3, limit="30"),),
        silences=(Silence(topic="lost.mood", lack=Lack.RELATIONSHIPS, found=4, needed=10),),
    ),
    "en",
)
