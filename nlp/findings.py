"""What the models say of one sentence. Values only; the labels are those of the project's guide (docs/labels.md)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from corpus.document import ZoneKind


class Sentiment(StrEnum):
    """The writer's attitude to the other side, the shared work or the matter at hand."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Act(StrEnum):
    """What the writer does with a sentence; several may hold."""

    COMMIT = "commit"
    REQUEST = "request"
    QUESTION = "question"
    PROPOSE = "propose"
    ACCEPT = "accept"
    DECLINE = "decline"
    FULFIL = "fulfil"


class IssueCategory(StrEnum):
    """What a trouble is about."""

    DELIVERY = "delivery"
    QUALITY = "quality"
    PAYMENT = "payment"
    CONTRACT = "contract"
    SUPPORT = "support"
    COMMUNICATION = "communication"
    PEOPLE = "people"
    OTHER = "other"


class SignalKind(StrEnum):
    """A hint at what the relationship could gain or lose."""

    OPPORTUNITY = "opportunity"
    THREAT = "threat"


LEANING = 0.05  # chance from which a sentence may be about something

WRITER = "writer"
READER = "reader"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """When something is due. `words` is a verbatim slice of the sentence.

    `iso` is what the words mean, counted from the message's date: a day `2001-05-18`, a time
    `2001-05-18T15:00`, a month `2001-05`, a week `2001-W21`, a quarter `2001-Q3`; "?" where no calendar
    resolves them, and then `first` and `last` are None. Otherwise they bound the interval meant.
    """

    words: str
    start: int  # code points into the text that was given
    end: int
    iso: str
    first: date | None = None
    last: date | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of the sentence [start, end) of a document's text. Sentences outside own text carry no labels."""

    start: int
    end: int
    zone: ZoneKind = ZoneKind.OWN
    sentiment: Sentiment = Sentiment.NEUTRAL
    acts: tuple[Act, ...] = ()
    issue: IssueCategory | None = None
    severity: int | None = None  # 1 … 3, where there is an issue
    signal: SignalKind | None = None
    debtor: str | None = None  # "writer", "reader" or a name in base form; of a commit or request
    due: Due | None = None
    conditional: bool = False
    confidence: dict[str, float] = {}  # each act, and sentiment, issue, signal, debtor, due → calibrated probability
    # Kinds of trouble, signals and bad feeling that the sentence may be about, likely enough to be told or not: the
    # probability of each, where it is at least LEANING. What holds over several sentences may rest on many of them.
    leanings: dict[str, float] = {}
    day: Due | None = None  # the day that a sentence names which may bear on a promise, where that is no due
    trace: bytes = b""  # what of the sentence may bear on a promise (nlp.relating); empty: nothing

    @property
    def speaks(self) -> bool:
        """Whether the sentence says anything at all."""
        return bool(self.acts or self.issue or self.signal) or self.sentiment is not Sentiment.NEUTRAL

    @property
    def kept(self) -> bool:
        """Whether it is to be stored: it says something, or may be about a trouble, a signal or a promise."""
        return (
            self.speaks
            or bool(self.trace)
            or self.confidence.get("issue", 0.0) >= LEANING
            or self.confidence.get("signal", 0.0) >= LEANING
        )
