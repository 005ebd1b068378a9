"""Mass senders, recognised by what they do: they write often, to many or as robots, and nobody ever answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

from corpus.people import is_role
from insights.directory import Contact
from insights.envelopes import Envelope

_OFTEN = 20  # messages
_MANY = 8  # recipients of a typical one


def find_bulk_senders(mails: Sequence[Envelope], contacts: Mapping[str, Contact]) -> frozenset[str]:
    """Outside addresses that sent at least 20 messages, to many or as robots, and were never answered by one of us."""
    sizes: defaultdict[str, list[int]] = defaultdict(list)
    senders: dict[str, str] = {}  # of documents
    answered: set[str] = set()
    for e in mails:
        if e.author and (contact := contacts.get(e.author.email)) and not contact.ours:
            sizes[e.author.email].append(len(e.to) + len(e.cc))
            senders[e.id] = e.author.email
    for e in mails:
        if e.author and (contact := contacts.get(e.author.email)) and contact.ours:
            answered.update(a.email for a in e.recipients)
            if e.answers in senders:
                answered.add(senders[e.answers])
    return frozenset(
        sender
        for sender, counts in sizes.items()
        if len(counts) >= _OFTEN and sender not in answered and (is_role(sender) or not 1 <= median(counts) < _MANY)
    )
