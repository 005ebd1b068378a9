"""Who owes what a sentence promises or asks, where that is a third party: its name in base form.

The name or party's role that the model marks; where it marks none, the likeliest mention (`nlp.mentions`). Base forms
come from `nlp.names`.

Not known here: people of other documents; pronouns; parties that a sentence leaves unsaid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from corpus.document import Address, Document, DocumentKind
from corpus.people import spelt_out
from nlp.findings import READER, WRITER
from nlp.heads import OTHER
from nlp.marks import NOTHING, Marked
from nlp.mentions import debtor_words, likeliest
from nlp.names import completed, is_first_name, nominative

LIKELY = 0.4  # the model's chance from which a word is the debtor's name
_FULL = 2  # words of a full name in running text
_AROUND = ' ()[]"“”„»«*-'

_WORD = re.compile(r"[^\W\d_]+")
_CAPITALS = re.compile(r"[^\W\d_a-zåäöéü][\w’'&-]+(?: [^\W\d_a-zåäöéü][\w’'&-]+)*")


class People(NamedTuple):
    """Who may be meant in a document: writer and readers of a mail, who else takes part, whom the text names."""

    writer: str = ""
    readers: tuple[str, ...] = ()
    others: Mapping[str, tuple[str, ...]] = {}  # by small initials of their words; single words may be inflected

    def named_like(self, words: str) -> list[str]:
        """Names of which words may be forms or parts: the mail's people, and others with the same initials."""
        alike = [
            one for initial in {word[0] for word in words.casefold().split()} for one in self.others.get(initial, ())
        ]
        return [*filter(None, [self.writer]), *self.readers, *alike]


NOBODY = People()


def people(document: Document) -> People:
    """The people of a document, by their full names as far as they stand in it.

    In contracts and notes nobody is writer or reader: there the parties are called by name.
    """
    plain = debtor_words(document.language)["plain"]
    runs: dict[str, None] = {}
    for found in _CAPITALS.finditer(document.own_text):
        run = [word for word in found.group().split() if word.lower() not in plain]
        runs |= dict.fromkeys(run)
        if len(run) == _FULL and is_first_name(run[0]):
            runs[nominative(" ".join(run), document.language)] = None
    author = _full_name(document.author) if document.author else ""
    recipients = tuple(name for one in (*document.to, *document.cc) if (name := _full_name(one)))
    if document.kind is not DocumentKind.EMAIL:
        return People(others=_by_initials([*filter(None, [author]), *recipients, *runs]))
    return People(author, recipients, _by_initials(runs))


def _by_initials(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for one in names:
        for word in one.casefold().split():
            found.setdefault(word[0], {})[one] = None
    return {initial: tuple(alike) for initial, alike in found.items()}


def _full_name(address: Address) -> str:
    return address.name or spelt_out(address.email)


def debtor(
    answer: str | None, sentence: str, language: str | None, mark: Marked = NOTHING, among: People = NOBODY
) -> str | None:
    """The debtor as findings name it: "writer" and "reader" stay; OTHER becomes a name, None where none is found.

    `mark` is what the model says of the words that name a debtor. A mail's author by name is "writer"; a recipient who
    is called by name ("Mikko, …") is "reader", and one of whom the sentence only speaks is that person by full name.
    """
    if answer != OTHER:
        return answer
    span = _span(sentence, language, mark)
    if span is None:
        return None
    # A word that the sentence itself holds may be an inflected form, and then is no name to compare with.
    small = sentence.casefold()
    alike = among.named_like(sentence[slice(*span)])
    known = [one for one in alike if one in among.readers or one == among.writer or one.casefold() not in small]
    found = _base_form(sentence, span, language, known)
    if found == among.writer:
        return WRITER
    return READER if found in among.readers and _is_called(sentence, span) else found


def name(sentence: str, language: str | None, mark: Marked = NOTHING, known: Sequence[str] = ()) -> str | None:
    """The third party that a sentence binds, in base form, or None where it names none.

    `language` is the code of a pack; None uses the words of all. `known` are names that the document holds elsewhere: a
    form of one is that name, and a part that only one full name has stands for the whole.
    """
    span = _span(sentence, language, mark)
    return _base_form(sentence, span, language, known) if span else None


def _span(sentence: str, language: str | None, mark: Marked) -> tuple[int, int] | None:
    """Where a sentence names its debtor."""
    if likely := mark.stretches(sentence, LIKELY):
        start, end = likely[0]
        words = sentence[start:end]
        start += len(words) - len(words.lstrip(_AROUND))
        end -= len(words) - len(words.rstrip(_AROUND))
        return (start, end) if start < end else None
    mention = likeliest(sentence, language)
    return (mention.start, mention.end) if mention else None


def _base_form(sentence: str, span: tuple[int, int], language: str | None, known: Sequence[str]) -> str:
    words = debtor_words(language)
    after = _WORD.search(sentence, span[1])
    following = after.group().lower() if after else ""
    subject = following in words["duties"] and following not in words["genitive_before"]
    given = " ".join(sentence[slice(*span)].split())
    base = given if subject else nominative(given, language, known)
    return base if base.lower() in words["roles"] else completed(base, known)


def _is_called(sentence: str, span: tuple[int, int]) -> bool:
    """Whether a name is how the sentence turns to someone: "Hi Mikko, …"."""
    return sentence.startswith((",", "!"), span[1]) and len(sentence[: span[0]].split()) <= 1
