"""Many phrases looked for at once, of which most texts hold none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

Groups = tuple[tuple[str, tuple[str, ...]], ...]


class Grouped(msgspec.Struct, frozen=True):
    """Phrases under a part that they share and that other text seldom holds: only where it stands are they tried."""

    groups: Groups
    in_ascii: Groups  # those that a text in ASCII may hold

    def within(self, text: str) -> list[str]:
        """Those phrases that a text in lower case holds."""
        groups = self.in_ascii if text.isascii() else self.groups
        tried = [phrases for shared, phrases in groups if shared in text]
        return [phrase for phrases in tried for phrase in phrases if phrase in text]


def grouped(tables: Iterable[Mapping[str, Sequence[str]]]) -> Grouped:
    """The phrases of several tables, each from the shared parts to the phrases, all in lower case."""
    groups = tuple((shared, tuple(phrases)) for table in tables for shared, phrases in table.items())
    return Grouped(groups, tuple(group for group in groups if group[0].isascii()))
