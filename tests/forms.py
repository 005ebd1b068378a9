"""Files of every form, made here: so that tests show what is in them and ship nothing of others'."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from itertools import pairwise

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODF = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in {
        "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing",
        "manifest": "manifest",
    }.items()
)  # fmt: skip
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of named parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def paragraph(text: str, *, style: str = "", listed: tuple[int, int] | None = None) -> str:
    """A Word paragraph; `listed` is the list's number and the depth in it."""
    said = f'<w:pStyle w:val="{style}"/>' if style else ""
    said += f'<w:numPr><w:ilvl w:val="{listed[1]}"/><w:numId w:val="{listed[0]}"/></w:numPr>' if listed else ""
    return f"<w:p><w:pPr>{said}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body: str, *, doctype: str = "", more: Mapping[str, str | bytes] | None = None, **related: str) -> bytes:
    """A DOCX with this body; `related` parts (numbering, styles, footnotes, header) by kind, as what they hold."""
    kinds = {name: f"{name}.xml" for name in related}
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(kinds.items())
    )
    space = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    main = f'<Relationship Id="r" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
    roots = {"header": "hdr"}
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f"<Relationships {space}>{main}</Relationships>",
            "word/_rels/document.xml.rels": f"<Relationships {space}>{links}</Relationships>",
            "word/document.xml": f"{doctype}<w:document {_W} {_MORE}><w:body>{body}</w:body></w:document>",
            **{
                f"word/{kinds[kind]}": f"<w:{roots.get(kind, kind)} {_W}>{part}</w:{roots.get(kind, kind)}>"
                for kind, part in related.items()
            },
            **(more or {}),
        }
    )


def numbering(*levels: tuple[str, str]) -> str:
    """A Word list 1 whose levels have these forms and texts: ("decimal", "%1.")."""
    shown = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    abstract = f'<w:abstractNum w:abstractNumId="7">{shown}</w:abstractNum>'
    return f'{abstract}<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'


def odt(body: str, *, doctype: str = "", styles: str = "", manifest: str = "") -> bytes:
    """An ODT with this body; `styles` are automatic ones."""
    content = (
        f"<office:document-content {_ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": doctype + content}
    if manifest:
        parts["META-INF/manifest.xml"] = f"<manifest:manifest {_ODF}>{manifest}</manifest:manifest>"
    return zipped(parts)


Placed = tuple[float, float, str]  # points from the left and from the top, and the words


def pdf(pages: Sequence[Sequence[Placed]], *, size: float = 11, encrypt: str | None = None) -> bytes:
    """A PDF of these words in Helvetica."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=encrypt, invariant=1)
    for page in pages:
        canvas.setFont("Helvetica", size)
        for left, top, words in page:
            canvas.drawString(left, A4[1] - top, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def column(lines: Sequence[str], *, left: float = 60, top: float = 100, pitch: float = 14) -> list[Placed]:
    """Lines below one another."""
    return [(left, top + number * pitch, line) for number, line in enumerate(lines)]


def raw_pdf(objects: Sequence[str], *, root: int = 1) -> bytes:
    """A PDF of objects as they are written down, numbered from 1."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root {root} 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file (MS-CFB, version 3) of streams by path, "storage/stream"."""
    return _Ole(streams).file()


class _Ole:
    def __init__(self, streams: Mapping[str, bytes]) -> None:
        self.sectors: list[bytes] = []
        self.fat: list[int] = []
        self.mini, self.mini_fat = bytearray(), list[int]()
        self.streams = dict(streams)
        folders = {path.rsplit("/", n)[0] for path in streams for n in range(1, path.count("/") + 1)}
        self.paths = sorted({*streams, *folders})

    def file(self) -> bytes:
        entries = [(path, *self.placed(path)) for path in self.paths]
        mini_size = len(self.mini)
        mini = self.chain(bytes(self.mini)) if self.mini else _END
        mini_fat = self.chain(b"".join(n.to_bytes(4, "little") for n in self.mini_fat)) if self.mini_fat else _END
        directory = self.chain(self.directory(entries, mini, mini_size))
        count = 1
        while count * 128 < len(self.sectors) + count:
            count += 1
        first = len(self.sectors)
        table = [*self.fat, *[_FAT] * count]
        table += [_FREE] * (count * 128 - len(table))
        fat = b"".join(n.to_bytes(4, "little") for n in table)
        places = [*range(first, first + count), *[_FREE] * (109 - count)]
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + bytes(10)
        numbers = (count, directory, 0, _CUTOFF, mini_fat, int(mini_fat != _END), _END, 0, *places)
        return head + b"".join(n.to_bytes(4, "little") for n in numbers) + b"".join(self.sectors) + fat

    def placed(self, path: str) -> tuple[int, int]:
        """Where a stream begins, and its size."""
        data = self.streams.get(path)
        if not data:
            return _END, 0
        if len(data) >= _CUTOFF:
            return self.chain(data), len(data)
        first, count = len(self.mini_fat), -(-len(data) // _MINI)
        self.mini += data.ljust(count * _MINI, b"\0")
        self.mini_fat += [*range(first + 1, first + count), _END]
        return first, len(data)

    def chain(self, data: bytes) -> int:
        first, count = len(self.sectors), -(-len(data) // _SECTOR)
        self.sectors += [data[n * _SECTOR : (n + 1) * _SECTOR].ljust(_SECTOR, b"\0") for n in range(count)]
        self.fat += [*range(first + 1, first + count), _END]
        return first

    def directory(self, entries: Sequence[tuple[str, int, int]], mini: int, mini_size: int) -> bytes:
        number = {path: n for n, (path, _, _) in enumerate(entries, 1)}
        below: dict[str, list[str]] = {}
        for path in number:
            below.setdefault(path.rpartition("/")[0], []).append(path)
        after = {a: number[b] for paths in below.values() for a, b in pairwise(paths)}
        child = {above: number[paths[0]] for above, paths in below.items()}
        out = _entry("Root Entry", 5, _FREE, child.get("", _FREE), mini, mini_size)
        for path, start, size in entries:
            kind = 2 if path in self.streams else 1
            out += _entry(path.rpartition("/")[2], kind, after.get(path, _FREE), child.get(path, _FREE), start, size)
        return out


def _entry(name: str, kind: int, after: int, child: int, start: int, size: int) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0"
    numbers = (_FREE, after, child)
    return (
        wide.ljust(64, b"\0")
        + len(wide).to_bytes(2, "little")
        + bytes((kind, 1))
        + b"".join(n.to_bytes(4, "little") for n in numbers)
        + bytes(36)
        + start.to_bytes(4, "little")
        + size.to_bytes(8, "little")
    )


def msg(subject: str, text: str, *, above: str = "", more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The streams of a .msg, to be given to `ole`, below the storage `above`."""
    streams = {
        "__properties_version1.0": bytes(24 if above else 32) + _fixed(0x0039, 0x0040, 133_500_000_000_000_000),
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_1000001F": text.encode("utf-16-le"),
        "__substg1.0_0C1A001F": "Anna Mäkelä".encode("utf-16-le"),
        "__substg1.0_5D01001F": "anna@tuulikas.example".encode("utf-16-le"),
        "__recip_version1.0_#00000000/__properties_version1.0": bytes(8) + _fixed(0x0C15, 3, 1),
        "__recip_version1.0_#00000000/__substg1.0_3001001F": "Ville".encode("utf-16-le"),
        "__recip_version1.0_#00000000/__substg1.0_39FE001F": "ville@kuuskoski.example".encode("utf-16-le"),
        **(more or {}),
    }
    return {above + path: data for path, data in streams.items()}


def _fixed(ident: int, kind: int, value: int) -> bytes:
    return kind.to_bytes(2, "little") + ident.to_bytes(2, "little") + bytes(4) + value.to_bytes(8, "little")
