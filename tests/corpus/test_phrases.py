"""Phrases of the language packs, looked for by the part that several share."""

from __future__ import annotations

import pytest

import languages
from corpus.phrases import grouped

TABLES = [
    (code, topic, table)
    for code in languages.codes()
    for topic, table in (
        ("bulk_phrases", languages.data(code, "sending")["bulk_phrases"]),
        ("auto.sure", languages.data(code, "zones")["auto"]["sure"]),
        ("auto.away", languages.data(code, "zones")["auto"]["away"]),
    )
]


@pytest.mark.parametrize(("code", "topic", "table"), TABLES)
def test_every_phrase_of_a_pack_is_found_where_it_stands(code: str, topic: str, table: dict[str, list[str]]) -> None:
    phrases = grouped([table])
    for phrase in (p for group in table.values() for p in group):
        assert phrase in phrases.within(f"… {phrase} …"), (code, topic)
        if phrase.isascii():
            assert phrase in phrases.within(f"> {phrase}."), (code, topic)


def test_a_text_that_holds_only_what_phrases_share_holds_none_of_them() -> None:
    phrases = grouped([{"subscri": ["unsubscribe", "your subscription"]}])
    assert phrases.within("a subscriber asked") == []
    assert phrases.within("to unsubscribe, or renew your subscription") == ["unsubscribe", "your subscription"]
