"""Mails that come one by one are threaded as they are all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.kinship import LOOKED_AT, read_subject
from corpus.newcomers import rethread
from corpus.threads import Link, Strand, thread

_START = datetime(2024, 3, 4, tzinfo=UTC)


class _Memory:
    """An archive in memory."""

    def __init__(self) -> None:
        self.strands: dict[str, Strand] = {}
        self.links: dict[str, Link] = {}

    def add(self, new: Sequence[Strand]) -> None:
        self.strands |= {s.id: s for s in new}
        self.links |= rethread(new, self)

    def of_threads(self, documents: Collection[str]) -> Iterable[Strand]:
        threads = {self.links[i].thread for i in documents if i in self.links}
        return [self.strands[i] for i, link in self.links.items() if link.thread in threads]

    def named(self, message_ids: Collection[str]) -> Iterable[Strand]:
        return [s for s in self.strands.values() if s.message_id in message_ids]

    def referring(self, message_ids: Collection[str]) -> Iterable[Strand]:
        return [s for s in self.strands.values() if {*s.references, *s.in_reply_to} & set(message_ids)]

    def earlier(self, strands: Sequence[Strand]) -> Iterable[Strand]:
        for s in strands:
            before = [o for o in self._sorted() if _place(o) < _place(s)]
            yield from [o for o in before if _key(o) == _key(s)][-LOOKED_AT:]
            yield from [o for o in before if s.quoted_print and o.own_print == s.quoted_print][-LOOKED_AT:]

    def later(self, strands: Sequence[Strand]) -> Iterable[Strand]:
        for s in strands:
            after = [o for o in self._sorted() if _place(o) > _place(s)]
            yield from [o for o in after if _key(o) == _key(s)][:LOOKED_AT]
            yield from [o for o in after if s.own_print and o.quoted_print == s.own_print]

    def _sorted(self) -> list[Strand]:
        return sorted(self.strands.values(), key=_place)


def _place(s: Strand) -> tuple[datetime, str]:
    return s.at or datetime.max.replace(tzinfo=UTC), s.id


def _key(s: Strand) -> int:
    return read_subject(s.subject).key


_NAMES = st.sampled_from(["a", "b", "c", "d", "e", "x", "y"])
_PEOPLE = st.lists(st.sampled_from(["anna@o", "ben@t", "cleo@t", "list@o"]), min_size=1, max_size=3, unique=True)
_STRANDS = st.lists(
    st.builds(
        Strand,
        id=st.text("0123456789", min_size=3, max_size=3),
        message_id=st.none() | _NAMES,
        in_reply_to=st.lists(_NAMES, max_size=1).map(tuple),
        references=st.lists(_NAMES, max_size=2).map(tuple),
        subject=st.sampled_from(["Hello", "Re: Pump house drawings", "Pump house drawings", "Re: Invoice 4711", ""]),
        at=st.none() | st.integers(0, 60).map(lambda days: _START + timedelta(days=days)),
        participants=_PEOPLE.map(tuple),
        own_print=st.sampled_from([0, 1, 2]),
        quoted_print=st.sampled_from([None, 1, 2]),
    ),
    max_size=25,
    unique_by=lambda s: s.id,
)


@settings(max_examples=100, deadline=None)
@given(_STRANDS, st.lists(st.integers(1, 6), min_size=25, max_size=25))
def test_threads_are_the_same_in_whatever_order_and_batches_mails_come(strands: list[Strand], sizes: list[int]) -> None:
    archive, rest = _Memory(), strands
    for size in sizes:
        if rest:
            archive.add(rest[:size])
            rest = rest[size:]
    assert archive.links == thread(strands)


def test_windows_of_a_subject_that_everybody_uses_move_as_mails_come() -> None:
    people = ("ben@t", "anna@o"), ("anna@o", "ben@t")
    strands = [
        Strand(
            id=f"{n:03}", subject="Re: Pump house drawings", at=_START + timedelta(hours=n), participants=people[n % 2],
            own_print=n + 1, quoted_print=(n * 7) % 40 + 1,
        )
        for n in range(60)
    ]  # fmt: skip
    archive = _Memory()
    for n in (*range(0, 60, 3), *range(2, 60, 3), *range(1, 60, 3)):
        archive.add([strands[n]])
    assert archive.links == thread(strands)
