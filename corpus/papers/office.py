"""The packed XML of DOCX and ODT, opened with limits: a zip's members are read by name, never written.

No entity is ever expanded: neither form allows a document type (ECMA-376 part 2, 8.1.1; ODF 1.3 part 2, 3), so one
that has a DOCTYPE is refused before it is parsed.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from errors import Broken, Encrypted, TooLargeUnpacked

# The text of a thousand pages with all its markup comes to some 30 MB of XML.
MAX_PART = 64 * 1024 * 1024  # bytes unpacked
MAX_ENTRIES = 10_000
MAX_DEPTH = 250  # of elements in elements; ten tables in one another come to a hundred

Element = ElementTree.Element


class Package:
    """A zip of XML parts."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, struct.error) as error:
            raise Broken("the packed file is damaged or cut short.") from error
        names = self._zip.namelist()
        if len(names) > MAX_ENTRIES:
            raise TooLargeUnpacked(f"more than {MAX_ENTRIES:,} files packed in one.")
        self.names = frozenset(names)

    def part(self, name: str) -> bytes:
        """A member's bytes. Raises Broken, Encrypted or TooLargeUnpacked."""
        try:
            with self._zip.open(name) as member:
                data = member.read(MAX_PART + 1)
        except RuntimeError as error:
            raise Encrypted("the packed file opens with a password only.") from error
        except (zipfile.BadZipFile, KeyError, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise Broken(f"its part {name[:100]!r} is damaged or missing.") from error
        if len(data) > MAX_PART:
            raise TooLargeUnpacked(f"its part {name[:100]!r} unpacks to more than {MAX_PART:,} bytes.")
        return data

    def xml(self, name: str) -> Element:
        """A member parsed."""
        return parsed(self.part(name), name)

    def optional_xml(self, name: str) -> Element | None:
        """A member parsed, or None where there is none."""
        return self.xml(name) if name in self.names else None


def parsed(data: bytes, name: str) -> Element:
    """XML without document type, its tree no deeper than `MAX_DEPTH`. Raises Broken or TooLargeUnpacked."""
    _Check(name).check(data)
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 (no document type: no entity)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Broken(f"its part {name[:100]!r} is no sound XML.") from error
    return root


class _Check:
    """Looks at an XML's tags before its tree is built: no DOCTYPE, no bottomless nesting."""

    def __init__(self, name: str) -> None:
        self.name = name[:100]
        self.depth = 0

    def check(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self.refuse
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise Broken(f"its part {self.name!r} is no sound XML.") from error
        except (ValueError, LookupError) as error:  # an encoding that there is none of
            raise Broken(f"its part {self.name!r} is in an unknown encoding.") from error

    def refuse(self, *_: object) -> NoReturn:
        raise Broken(f"its part {self.name!r} has a document type, which this form does not allow.")

    def start(self, *_: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Broken(f"its part {self.name!r} is nested deeper than {MAX_DEPTH} elements.")

    def end(self, *_: object) -> None:
        self.depth -= 1


def children(element: Element, *tags: str) -> Iterator[Element]:
    """The child elements with one of these tags."""
    return (child for child in element if child.tag in tags)


def told(root: Element | None, name: str) -> str:
    """The text of the first element of this local name, "" where there is none."""
    if root is None:
        return ""
    return next((e.text or "" for e in root.iter() if isinstance(e.tag, str) and e.tag.endswith(f"}}{name}")), "")
