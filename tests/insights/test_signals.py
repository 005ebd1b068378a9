from house import THEM, US, day, say, write

from insights.insight import Signal
from insights.letters import Letter
from insights.timeline import as_of, read
from nlp.findings import Act, SignalKind

RIVAL = say("We have asked Voss for a price on four pumps.", signal=SignalKind.THREAT)


def signals(*letters: Letter) -> tuple[Signal, ...]:
    return read(letters, US, THEM).signals


def test_what_is_told_again_is_one_signal_with_its_mentions() -> None:
    again = say("As I said, we have asked Voss for a price on pumps.", signal=SignalKind.THREAT)
    (threat,) = signals(write("a", "ben", RIVAL), write("b", "ben", again, at=9, thread="u"))
    assert threat.kind is SignalKind.THREAT
    assert threat.source.document == "a"
    assert [m.document for m in threat.mentions] == ["b"]
    assert threat.by.name == "Ben Brook"


def test_a_signal_is_about_its_most_telling_words() -> None:
    wish = say("By the way, could you run a second bakery in Turku?", Act.QUESTION, signal=SignalKind.OPPORTUNITY)
    (chance,) = signals(write("a", "ben", wish))
    assert chance.about == "could you run a second bakery in Turku?"


def test_as_of_a_day_later_mentions_are_not_known() -> None:
    found = read((write("a", "ben", RIVAL), write("b", "ben", RIVAL, at=9)), US, THEM)
    assert len(as_of(found, day(9)).signals[0].mentions) == 1
    assert as_of(found, day(8)).signals[0].mentions == ()


def test_an_opportunity_and_a_threat_in_the_same_words_are_two_signals() -> None:
    tender = "We put the next three ships out to tender and you are welcome to quote."
    said = [say(tender, signal=kind) for kind in SignalKind]
    assert {s.kind for s in signals(write("a", "ben", *said))} == set(SignalKind)
