"""Who owes what a sentence promises or asks, where that is a third party: its name in base form.

The name or party's role that the model marks; where it marks none, the likeliest mention (`nlp.mentions`). Base forms
come from `nlp.names`.

Not known here: people of other documents; pronouns; parties that a sentence leaves unsaid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_AROUND = " ()[]\"“”„»«*-"

_WORD = re.compile(r"[^\W\d_]+")
_CAPITALS = re.compile(r"[^\W\d_a-zåäöéü][\w’'&-]+(?: [^\W\d_a-zåäöéü][\w’'&-]+)*")


class People(NamedTuple):
    """Who may be meant in a document: writer and readers of a mail, and who else takes part or stands in the text."""

    writer: str = ""
    readers: tuple[str, ...] = ()
    others: tuple[str, ...] = ()  # single words may be inflected


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
        return People(others=(*([author] if author else ()), *recipients, *runs))
    return People(author, recipients, tuple(runs))


def _full_name(address: Address) -> str:
    return address.name or spelt_out(address.email)


def debtor(
    answer: str | None, sentence: str, language: str | None, mark: Marked = NOTHING, among: People = NOBODY
) -> str | None:
    """The debtor as findings name it: "writer" and "reader" stay; OTHER becomes a name, None where none is found.

    `mark` is what the model says of the words that name a debtor. Of a name that is the author's or a recipient's among
    the document's people, the answer is "writer" or "reader".
    """
    if answer != OTHER:
        return answer
    # What this sentence holds may be an inflected form, and then is no name to compare with.
    small = sentence.casefold()
    elsewhere = (one for one in among.others if one.casefold() not in small)
    found = name(sentence, language, mark, (*filter(None, [among.writer]), *among.readers, *elsewhere))
    if found is None:
        return None
    if found == among.writer:
        return WRITER
    return READER if found in among.readers else found


def name(sentence: str, language: str | None, mark: Marked = NOTHING, known: Sequence[str] = ()) -> str | None:
    """The third party that a sentence binds, in base form, or None where it names none.

    `language` is the code of a pack; None uses the words of all. `known` are names that the document holds elsewhere: a
    form of one is that name, and a part that only one full name has stands for the whole.
    """
    found = _named(sentence, language, mark)
    if found is None:
        return None
    run, following = found
    words = debtor_words(language)
    subject = following in words["duties"] and following not in words["genitive_before"]
    base = run if subject else nominative(run, language, known)
    return base if base.lower() in words["roles"] else completed(base, known)


def _named(sentence: str, language: str | None, mark: Marked) -> tuple[str, str] | None:
    """The debtor as the sentence gives it, and the word that follows in small letters."""
    if likely := mark.stretches(sentence, LIKELY):
        start, end = likely[0]
        after = _WORD.search(sentence, end)
        return sentence[start:end].strip(_AROUND), after.group().lower() if after else ""
    mention = likeliest(sentence, language)
    return (mention.text, mention.after) if mention else None
