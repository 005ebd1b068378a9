from __future__ import annotations

from corpus.papers import read
from nlp.clauses import Clause, clauses, definitions, passages, references
from nlp.contracts.compare import ChangeKind, compare

TEXT = """# Supply Agreement

This Agreement is made between Holm Tools Ltd ("Supplier") and Brook Mill Ltd ("Buyer").

## 1. Goods

1.1 "Goods" means the items listed in Schedule 1.

1.2 Supplier shall deliver the Goods under clause 2.1 within ten days of an order.

## 2. Payment

2.1 Buyer shall pay each invoice within thirty (30) days.

2.2 Late payment bears interest of 8 % a year.
"""
NEWER = TEXT.replace("thirty (30) days", "fourteen (14) days").replace(
    "2.2 Late payment bears interest of 8 % a year.\n", ""
)


def _numbered(tree: tuple[Clause, ...]) -> dict[str | None, Clause]:
    return {clause.number: clause for clause in tree}


def test_clauses_form_a_tree_by_their_numbers() -> None:
    tree = clauses(read(TEXT.encode(), "a.md"))
    inner = _numbered(tree)["2.1"]
    assert inner.parent is not None
    assert tree[inner.parent].heading == "Payment"


def test_a_passage_leads_back_to_its_words_in_the_text() -> None:
    paper = read(TEXT.encode(), "a.md")
    for passage in passages(paper, clauses(paper), "en"):
        start, end = passage.place(0, len(passage.text))
        assert paper.text[start:end].split() == passage.text.split()


def test_a_passage_knows_the_headings_above_it() -> None:
    paper = read(TEXT.encode(), "a.md")
    (late,) = [p for p in passages(paper, clauses(paper), "en") if "interest" in p.text]
    assert "payment" in late.heading


def test_definitions_and_defined_sides_are_found() -> None:
    paper = read(TEXT.encode(), "a.md")
    said = passages(paper, clauses(paper), "en")
    assert {d.term for d in definitions(said, "en")} == {"Goods", "Supplier", "Buyer"}


def test_a_cross_reference_leads_to_its_clause() -> None:
    paper = read(TEXT.encode(), "a.md")
    tree = clauses(paper)
    (found,) = references(passages(paper, tree, "en"), tree, "en")
    assert found.clause is not None
    assert tree[found.clause].number == "2.1"


def test_versions_are_told_apart_clause_by_clause() -> None:
    changes = compare(read(TEXT.encode(), "a.md"), read(NEWER.encode(), "b.md"))
    assert {(c.kind, c.number) for c in changes} == {(ChangeKind.CHANGED, "2.1"), (ChangeKind.REMOVED, "2.2")}
    (changed,) = [c for c in changes if c.kind is ChangeKind.CHANGED]
    assert [(e.before, e.after) for e in changed.edits] == [("thirty (30)", "fourteen (14)")]


def test_a_contract_does_not_differ_from_itself() -> None:
    paper = read(TEXT.encode(), "a.md")
    assert compare(paper, paper) == ()
