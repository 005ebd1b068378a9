"""Mass senders, recognised by what they do: they write often, to many or by rote, and nobody ever answers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from corpus.document import Sending
from corpus.people import is_role
from insights.directory import Contact
from insights.envelopes import Envelope

_SEVERAL = 5  # messages, where a good part of them bears the marks of mass mail …
_PART = 0.2  # … this share
_OFTEN = 20  # messages, where they bear no such marks
_MANY = 8  # recipients of a typical message; or of all together, where each went to one or two of them
_FEW = 2
_ROTE = 0.5  # share of the messages under one subject but for its numbers ("Daily data for 11-30")
_NUMBERS = re.compile(r"\d+")


def find_bulk_senders(mails: Sequence[Envelope], contacts: Mapping[str, Contact]) -> frozenset[str]:
    """Outside addresses that none of us ever answered or wrote to, and that send like a machine."""
    sent: defaultdict[str, list[Envelope]] = defaultdict(list)
    for e in mails:
        if e.author is not None and (contact := contacts.get(e.author.email)) and not contact.ours:
            sent[e.author.email].append(e)
    heard = addressed(mails, contacts)
    answered = {e.answers for e in mails if e.author and (c := contacts.get(e.author.email)) and c.ours}
    return frozenset(
        sender
        for sender, some in sent.items()
        if sender not in heard and is_machine(sender, some) and not any(e.id in answered for e in some)
    )


def addressed(mails: Iterable[Envelope], contacts: Mapping[str, Contact]) -> frozenset[str]:
    """The addresses to which one of us wrote."""
    ours = (e for e in mails if e.author and (c := contacts.get(e.author.email)) and c.ours)
    return frozenset(a.email for e in ours for a in e.recipients if a.email)


def is_machine(sender: str, mails: Sequence[Envelope]) -> bool:
    """Whether somebody sends like a machine, by all mails of that sender."""
    marked = sum(e.sending in (Sending.BULK, Sending.AUTOMATIC) for e in mails)
    if len(mails) >= _SEVERAL and marked >= _PART * len(mails):
        return True
    if len(mails) < _OFTEN:
        return False
    typical = median(len(e.recipients) for e in mails)
    reached = {a.email for e in mails for a in e.recipients}
    one_by_one = typical <= _FEW and len(reached) >= max(_MANY, len(mails) / 2)
    subjects = Counter(_NUMBERS.sub("0", e.subject) for e in mails if e.subject)
    by_rote = max(subjects.values(), default=0) >= _ROTE * len(mails)
    return is_role(sender) or not typical or typical >= _MANY or one_by_one or by_rote
