"""Where new mails stand among those that are threaded already, and whom they move.

What comes out is what `corpus.threads.thread` finds in the whole archive, but only the mails within reach are looked
at: those that refer to a newcomer or may take it for their parent, the threads of all these, and so on, until no tie
leads out of what is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from corpus.threads import Link, Strand, referred_by, thread_some


class Archive(Protocol):
    """The mails of an archive, newcomers among them; links are those from before they came."""

    def of_threads(self, documents: Collection[str]) -> Iterable[Strand]:
        """All mails in the threads of these (ids)."""

    def named(self, message_ids: Collection[str]) -> Iterable[Strand]:
        """The mails with these Message-IDs."""

    def referring(self, message_ids: Collection[str]) -> Iterable[Strand]:
        """The mails that refer to any of these."""

    def earlier(self, strands: Sequence[Strand]) -> Iterable[Strand]:
        """For each, the last `kinship.LOOKED_AT` mails before it of its subject, and of the text that it quotes."""

    def later(self, strands: Sequence[Strand]) -> Iterable[Strand]:
        """For each, the next `kinship.LOOKED_AT` mails of its subject, and all later ones that quote its text."""


def rethread(new: Sequence[Strand], archive: Archive) -> dict[str, Link]:
    """The links of the new mails and of all that may have another link because of them."""
    names = {s.message_id for s in new if s.message_id}
    touched = _by_id(new, archive.later(new), archive.referring(names))
    while True:
        touched = _by_id(touched.values(), archive.of_threads(touched))
        wanted = {message_id for s in touched.values() for message_id in referred_by(s)}
        named = list(archive.named(wanted))
        known = {s.message_id for s in named}
        orphans = [s for s in touched.values() if not (known - {s.message_id}).intersection(referred_by(s))]
        around = _by_id(named, archive.earlier(orphans))
        links = thread_some((*touched.values(), *around.values()), touched)
        threads = {links[identity].thread for identity in touched}
        tied = [s for s in around.values() if links[s.id].thread in threads]
        # What refers to the same lost message belongs together, too.
        drawn_in = [s for s in (*tied, *archive.referring(wanted - known)) if s.id not in touched]
        if not drawn_in:
            return {identity: links[identity] for identity in touched}
        touched = _by_id(touched.values(), drawn_in)


def _by_id(*groups: Iterable[Strand]) -> dict[str, Strand]:
    return {s.id: s for group in groups for s in group}
