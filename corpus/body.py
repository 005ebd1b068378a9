"""The text of a message for people to read, and the files that came with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from corpus.charsets import clean, clean_in_place, decode
from corpus.html import Hint, to_text
from corpus.mime import Part
from errors import TooLarge

# Nobody writes this much; logs and dumps pasted into mail would hold up everything behind them.
MAX_TEXT = 4_000_000  # code points, or bytes of HTML

_HTML = re.compile(r"\s*(?:<!doctype html|<html\b|<head\b|<body\b)", re.IGNORECASE)
_TAG = re.compile(r"<[a-z!/]", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_WORD = re.compile(r"[^\W\d_]{2,}")
# Types of text that a mail program shows as the message; other text/* types are files.
_SHOWN = {"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown"}
# A plain text of so few words beside an HTML text of so many times more only says "see the HTML version".
_STUB_WORDS = 40
_STUB_RATIO = 3


class Text(NamedTuple):
    """Readable text, and what HTML markup says about stretches of it."""

    text: str = ""
    hints: tuple[Hint, ...] = ()


class Body(NamedTuple):
    """A message's text, its files, and the messages enclosed in it, in order."""

    text: Text
    files: tuple[Part, ...]
    enclosed: tuple[Part, ...]


def read_body(root: Part) -> Body:
    """Sort a message's parts into text, files and enclosed messages. Raises TooLarge."""
    if root.media_type in _SHOWN:
        return Body(_join([_read(root)]), (), ())
    shown = list(_shown(root))
    # Of an alternative that was not chosen only the text goes: pictures and invitations in it are files all the same.
    files: list[Part] = []
    enclosed: list[Part] = []
    for leaf in root.leaves():
        if leaf.media_type == "message/rfc822":
            enclosed.append(leaf)
        elif leaf not in shown and not _is_text(leaf):
            files.append(leaf)
    return Body(_join([_read(part) for part in shown]), tuple(files), tuple(enclosed))


def _is_text(part: Part) -> bool:
    return part.media_type in _SHOWN and part.disposition != "attachment" and not part.file_name


def _shown(part: Part) -> Iterator[Part]:
    """The leaves whose text makes up the message, in order."""
    match part.media_type:
        case "multipart/alternative":
            yield from _best([list(_shown(child)) for child in part.children])
        case "multipart/related":
            yield from _shown(part.children[0])
        case kind if kind.startswith("multipart/"):
            for child in part.children:
                yield from _shown(child)
        case _ if _is_text(part):
            yield part


def _best(choices: list[list[Part]]) -> list[Part]:
    """Of alternatives the plain one, unless it is empty or a stub beside the HTML; else the last, the richest."""
    choices = [c for c in choices if c]
    plain = next((c for c in choices if all(p.media_type == "text/plain" for p in c)), None)
    rich = next((c for c in reversed(choices) if any(p.media_type == "text/html" for p in c)), None)
    if plain is None or rich is None:
        return plain or rich or (choices[-1] if choices else [])
    words = sum(len(_WORD.findall(_decoded(p))) for p in plain)
    if words > _STUB_WORDS:
        return plain
    more = sum(len(_WORD.findall(to_text(_decoded(p))[0])) for p in rich)
    return plain if words and more <= _STUB_RATIO * words else rich


def _read(part: Part) -> Text:
    text = _decoded(part)
    if part.media_type in ("text/enriched", "text/richtext"):
        return Text(_MARKUP.sub("", text))
    # Labels are mended by what the text is: HTML said to be plain, plain text said to be HTML.
    if _HTML.match(text) if part.media_type != "text/html" else _TAG.search(text):
        reduced, hints = to_text(text)
        return Text(clean_in_place(reduced), hints)
    if part.type_parameters.get("format", "").lower() == "flowed":
        return Text(_reflow(text, delete_space=part.type_parameters.get("delsp", "").lower() == "yes"))
    return Text(text)


def _decoded(part: Part) -> str:
    content = part.content
    if len(content) > 4 * MAX_TEXT:
        raise TooLarge(f"a text of {len(content):,} bytes.")
    text = clean(decode(content, part.charset))
    if len(text) > MAX_TEXT:
        raise TooLarge(f"a text of {len(text):,} characters.")
    return text


def _join(texts: Iterable[Text]) -> Text:
    """Several texts as one, a blank line between them, and the hints moved along."""
    joined, hints = "", list[Hint]()
    for text, marks in texts:
        if not text or text.isspace():
            continue
        joined = joined.rstrip("\n") + "\n\n" if joined else ""
        at = len(joined)
        hints.extend(msgspec.structs.replace(h, start=h.start + at, end=h.end + at) if at else h for h in marks)
        joined += text
    return Text(joined, tuple(hints))


def _reflow(text: str, *, delete_space: bool) -> str:
    """Text of format=flowed with its soft line breaks undone (RFC 3676): one line a paragraph, quote marks kept."""
    out: list[str] = []
    held, depth = "", -1  # the paragraph being joined; -1: none
    for line in text.split("\n"):
        content = line.lstrip(">")
        level = len(line) - len(content)
        content = content.removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        if depth >= 0 and (level != depth or content == "-- "):
            out.append(_quoted(held, depth))
            held = ""
        held += content[:-1] if soft and delete_space else content
        depth = level if soft else -1
        if not soft:
            out.append(_quoted(held, level))
            held = ""
    if depth >= 0:
        out.append(_quoted(held, depth))
    return "\n".join(out)


def _quoted(content: str, level: int) -> str:
    if not level:
        return content
    return f"{'>' * level} {content}" if content else ">" * level
