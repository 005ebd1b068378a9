from __future__ import annotations

import random
from datetime import date

import msgspec
import pytest

from bench.made_relationships import UNITS, Recipe, last_day, made
from insights.directory import Unit
from insights.practices.chance import adjusted, apart, flipped, permuted, ratio, share, standing_out
from insights.practices.patterns import Comparison, Lack, Study
from insights.practices.policy import Answers, Contracts, Policy, Promises
from insights.practices.study import study
from insights.practices.wording import tell

_ALL_KEPT = Policy(answers=Answers(share=0.4), promises=Promises(share=0.4))


def _study(recipe: Recipe, seed: int = 7, policy: Policy = _ALL_KEPT, units: tuple[Unit, ...] = UNITS) -> Study:
    return study(made(recipe, seed), last_day(recipe), policy, units)


def test_a_unit_that_keeps_fewer_promises_is_told_with_its_size_interval_and_cases() -> None:
    (one,) = [
        p for p in _study(Recipe(relationships=30, kept=0.85, kept_in_south=0.5)).patterns if p.topic == "promise.unit"
    ]
    assert (one.group, one.comparison) == ("North", Comparison.WITHIN)
    assert one.low < one.effect < one.high
    assert one.low > 0.15
    assert one.value - one.other == pytest.approx(one.effect, abs=1e-5)
    assert one.q <= 0.05
    assert 0 < len(one.examples) <= min(100, one.n)


def test_a_supplier_with_whom_a_trouble_recurs_is_named() -> None:
    told = _study(Recipe(relationships=30, delivery_with_first=0.9)).patterns
    (one,) = [p for p in told if p.topic == "issues.recurring"]
    assert (one.group, one.relationship) == ("delivery", "r0.example")
    assert {e.relationship for e in one.examples} == {"r0.example"}


def test_late_answers_before_escalations_are_found_beside_other_times_of_the_same_relationships() -> None:
    recipe = Recipe(relationships=60, months=48, questions=4, escalations=0.15, escalated_when_slow=4.0)
    (one,) = [p for p in _study(recipe).patterns if p.topic == "escalation.late_answers"]
    assert one.comparison is Comparison.MATCHED
    assert one.effect > 0.05


def test_what_is_below_the_policy_is_told_and_what_is_above_it_is_not() -> None:
    recipe = Recipe(relationships=30)
    strict = _study(recipe, policy=Policy(answers=Answers(share=0.95)))
    assert "answer.policy" in {p.topic for p in strict.patterns}
    assert "answer.policy" not in {p.topic for p in _study(recipe).patterns}


def test_few_relationships_give_silence_that_says_what_is_missing() -> None:
    found = _study(Recipe(relationships=6))
    assert found.patterns == ()
    assert found.tests == 0
    silence = next(s for s in found.silences if s.topic == "promise.unit")
    assert (silence.lack, silence.found, silence.needed) == (Lack.RELATIONSHIPS, 6, 10)
    assert found.counted.relationships == 6


def test_no_archive_at_all_gives_no_pattern_and_no_figure() -> None:
    found = study([], date(2024, 1, 1), Policy())
    assert (found.patterns, found.figures, found.departures) == ((), (), ())
    assert found.silences


def test_units_of_fewer_than_five_people_are_neither_compared_nor_shown() -> None:
    few = tuple(Unit(name=u.name, addresses=tuple(f"p{i}@{u.domains[0]}" for i in range(4))) for u in UNITS)
    found = _study(Recipe(relationships=30, kept=0.9, kept_in_south=0.3), units=few)
    assert "promise.unit" not in {p.topic for p in found.patterns}
    assert not [f for f in found.figures if f.factor == "unit"]
    assert next(s for s in found.silences if s.topic == "promise.unit").lack is Lack.PEOPLE


def test_a_study_does_not_depend_on_the_order_of_relationships_and_repeats_itself() -> None:
    recipe = Recipe(relationships=20, kept_in_south=0.5)
    dossiers = made(recipe, 3)
    first = study(dossiers, last_day(recipe), _ALL_KEPT, UNITS)
    random.Random(1).shuffle(dossiers)
    assert study(dossiers, last_day(recipe), _ALL_KEPT, UNITS) == first


def test_lost_contracts_are_told_from_renewed_ones_by_the_mail_that_follows() -> None:
    recipe = Recipe(relationships=60, months=12, kept_before_loss=0.3, promises=2)
    (one,) = [p for p in _study(recipe).patterns if p.topic == "lost.our_promises"]
    assert (one.group, one.comparison) == ("lost", Comparison.BETWEEN)
    assert one.effect > 0.2


@pytest.mark.parametrize("language", ["en", "fi"])
def test_everything_that_a_study_can_say_has_words(language: str) -> None:
    recipe = Recipe(relationships=40, kept_in_south=0.4, delivery_with_first=0.9, in_time_with_suppliers=0.3)
    policy = Policy(answers=Answers(share=0.9), contracts=Contracts(payment_days=30, notice_ahead_days=60))
    told = tell(_study(recipe, policy=policy), language)
    assert told.patterns
    said = [*(p.sentence for p in told.patterns), *(s.sentence for s in told.silences)]
    assert not [s for s in said if "{" in s or "None" in s]
    assert all(f.title and f.shown for f in told.figures)
    small = tell(_study(Recipe(relationships=3)), language)
    assert len(small.silences) > 15


def test_a_pattern_reads_as_a_sentence_with_its_chance() -> None:
    told = tell(_study(Recipe(relationships=30, kept=0.85, kept_in_south=0.5)), "fi")
    one = next(p for p in told.patterns if p.topic == "promise.unit")
    assert one.sentence.startswith("North: lupauksista ")
    assert "prosenttiyksikköä (95 %: +" in one.basis
    assert "p < 0,001" in one.basis


# chance


def test_ten_relationships_that_all_point_one_way_give_the_chance_of_two_in_a_thousand() -> None:
    assert flipped([1.0] * 10) == pytest.approx(2 / 2**10, rel=0.5)
    assert flipped([1.0, -1.0] * 5) > 0.9
    assert flipped([1.0] * 10, below=True) > 0.99


def test_labels_that_do_not_matter_give_no_chance_to_speak_of() -> None:
    assert permuted([1.0, 2.0, 3.0, 4.0] * 3, [1.0, 2.0, 3.0, 4.0] * 3) > 0.9
    assert permuted([5.0, 6.0, 7.0] * 4, [1.0, 2.0, 3.0] * 4) < 0.001


def test_an_interval_over_relationships_is_that_of_student() -> None:
    found = ratio([1.0, 2.0, 3.0, 4.0, 5.0], [1.0] * 5)
    assert found.value == 3.0
    assert found.high - found.value == pytest.approx(2.776 * (2.5 / 5) ** 0.5, rel=0.01)


def test_a_share_that_all_relationships_have_still_has_an_interval() -> None:
    found = share([0.0] * 8, [3.0] * 8)
    assert (found.value, found.low) == (0.0, 0.0)
    assert 0.25 < found.high < 0.4  # Wilson's for none of eight
    even = share([5.0, 0.0] * 20, [5.0] * 40)
    assert even.low < 0.36 < 0.64 < even.high


def test_one_that_stands_out_does_so_less_where_all_differ() -> None:
    calm = standing_out([8, *[2] * 20], [20] * 21)
    wild = standing_out([8, *[0, 6, 1, 7] * 5], [20] * 21)
    assert calm[0] < 0.01
    assert wild[0] > 5 * calm[0]


def test_the_difference_of_two_shares_has_newcombes_interval() -> None:
    effect = apart(56, 70, 48, 80)  # example (a) of the paper
    assert (round(effect.low, 4), round(effect.high, 4)) == (0.0524, 0.3339)


def test_false_discoveries_are_controlled_as_by_benjamini_and_hochberg() -> None:
    p = [0.01, 0.04, 0.03, 0.005]
    assert adjusted(p, [1.0] * 4) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    heavy = adjusted(p, [4.0, 1.0, 1.0, 1.0])
    assert heavy[0] < 0.02
    assert heavy[1] > 0.04
    assert adjusted([], []) == []


def test_a_policy_keeps_to_its_keys() -> None:
    with pytest.raises(msgspec.ValidationError, match="answer_days"):
        msgspec.toml.decode(b"[answers]\nanswer_days = 2\n", type=Policy)
    found = msgspec.toml.decode(b"[contracts]\npayment_days = 30\n", type=Policy)
    assert found.contracts.payment_days == 30
