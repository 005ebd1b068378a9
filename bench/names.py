"""Names in base form, and third-party debtors by name: `python -m bench.names [--misses]`.

Base forms: bench/data/names-fi.tsv holds 200 Finnish names in sentences, written by hand before the rules and lists,
but by the same hand (columns: set, sentence with the name in brackets, base form). "test" was measured when all was
done: 0.980; two slips that it showed in the endings are mended. Lists hold the last word of 90 of the 100; with just
that word struck from them 75 come out right, which is what a name that no list holds may hope for. Capitals do not
count. Beside ours, the form as it stands, and simplemma's lemma of the name's last word.

Debtors: the sentences of ../shared/gold that bind a third party, without the model's marks, by words alone. "Same" is
score.py's same_debtor, "exact" wants all words of one name in the other, letter by letter; "of named" counts only
sentences in which the name stands. Beside ours, the first word with a capital letter.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import simplemma
from rich.console import Console
from rich.table import Table

from corpus.message import from_fields
from models.train.evaluate import scoring
from nlp.debtors import debtor, name, people
from nlp.heads import OTHER
from nlp.names import nominative

NAMES = Path(__file__).parent / "data" / "names-fi.tsv"
GOLD = Path(__file__).parents[2] / "shared" / "gold"
SETS = ("fi-dev", "en-biz-dev")
_BRACKETS = re.compile(r"\[(.+?)\]")
_CAPITAL = re.compile(r"\b[A-ZÅÄÖ][\w&-]+")


def by_simplemma(form: str) -> str:
    """The name with simplemma's lemma of its last word."""
    *before, last = form.split()
    return " ".join([*before, simplemma.lemmatize(last, lang="fi")])


FORMS: dict[str, Callable[[str], str]] = {
    "ours": lambda form: nominative(form, "fi"),
    "simplemma": by_simplemma,
    "as it stands": lambda form: form,
}


def base_forms(console: Console, *, show: bool) -> None:
    """How many of the 200 names each brings to base form."""
    rows = [line.split("\t") for line in NAMES.read_text(encoding="utf-8").splitlines()]
    table = Table("base form", "dev", "test", title="Finnish names (test: 0.980 when first measured)")
    for title, base_form in FORMS.items():
        shares = []
        for part in ("dev", "test"):
            pairs = [(base_form(_BRACKETS.findall(sentence)[0]), base) for of, sentence, base in rows if of == part]
            wrong = [pair for pair in pairs if pair[0].casefold() != pair[1].casefold()]
            shares.append(f"{1 - len(wrong) / len(pairs):.3f}")
            if show and title == "ours":
                print(part, *wrong, sep="\n  ", file=sys.stderr)
        table.add_row(title, *shares)
    console.print(table)


class Owed(NamedTuple):
    """A sentence that binds a third party, the message that holds it, and the party's name by gold."""

    record: dict[str, Any]
    sentence: str
    gold: str


def owed(set_name: str) -> Iterator[Owed]:
    """The sentences of a gold set whose debtor has a name."""
    places: dict[str, tuple[dict[str, Any], str]] = {}
    for line in filter(str.strip, (GOLD / f"{set_name}.jsonl").read_text(encoding="utf-8").split("\n")):
        record = json.loads(line)
        places |= {s["id"]: (record, record["text"][s["start"] : s["end"]]) for s in record["sentences"]}
    for line in filter(str.strip, (GOLD / f"{set_name}.tsv").read_text(encoding="utf-8").split("\n")):
        labels = line.split("\t")
        if len(labels) > 5 and labels[5].startswith("n:"):
            record, sentence = places[labels[0]]
            yield Owed(record, sentence, labels[5].removeprefix("n:"))


def among_people(one: Owed, language: str) -> str | None:
    """The debtor with the document's people known."""
    return debtor(OTHER, one.sentence, language, among=people(from_fields(one.record)))


def first_capital(sentence: str) -> str | None:
    """The first word with a capital letter."""
    found = _CAPITAL.search(sentence)
    return found.group() if found else None


NAMING: dict[str, Callable[[Owed, str], str | None]] = {
    "ours": among_people,
    "ours, people unknown": lambda one, language: name(one.sentence, language),
    "first capitalised word": lambda one, _: first_capital(one.sentence),
}


def exact(gold: str, named: str | None) -> bool:
    """Whether one name holds all words of the other."""
    a, b = set(gold.casefold().split()), set((named or "").casefold().split())
    return bool(b) and (a <= b or b <= a)


def debtors(console: Console, *, show: bool) -> None:
    """How often the third party that gold names is found."""
    same: Callable[[str, str | None], bool] = scoring(GOLD).same_debtor
    table = Table("debtor", "set", "sentences", "same", "exact", "of named: exact", title="Third parties")
    for title, naming in NAMING.items():
        for set_name in SETS:
            pairs = [(one, naming(one, set_name[:2])) for one in owed(set_name)]
            right = [exact(one.gold, named) for one, named in pairs]
            stands = [one.gold[:4].casefold() in one.sentence.casefold() for one, _ in pairs]
            table.add_row(
                title,
                set_name,
                str(len(pairs)),
                f"{sum(same(one.gold, named) for one, named in pairs) / len(pairs):.3f}",
                f"{sum(right) / len(pairs):.3f}",
                f"{sum(r and s for r, s in zip(right, stands, strict=True)) / sum(stands):.3f} of {sum(stands)}",
            )
            if show and title == "ours":
                wrong = ((one.gold, named, one.sentence) for (one, named), r in zip(pairs, right, strict=True) if not r)
                print(set_name, *wrong, sep="\n  ", file=sys.stderr)
    console.print(table)


def main() -> None:
    """Print both tables."""
    console, show = Console(), "--misses" in sys.argv
    base_forms(console, show=show)
    if GOLD.is_dir():
        debtors(console, show=show)
    else:
        print("no ../shared/gold: debtors are not measured", file=sys.stderr)


if __name__ == "__main__":
    main()
