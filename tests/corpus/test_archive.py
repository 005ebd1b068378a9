"""Reading archives: whatever a user points at gives its messages in a fixed order, and names what gave none."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import archive, mbox
from corpus.archive import Found, Skipped
from corpus.mime import MAX_MESSAGE
from errors import NoSuchPath

FIRST = b"From: anna@corp.fi\nTo: tom@partner.com\nSubject: one\n\nHello\n"
SECOND = b"From: tom@partner.com\nTo: anna@corp.fi\nSubject: two\n\nFrom here it works.\n>From there not.\n"
LINE = b"From anna@corp.fi Mon May 07 10:00:00 2001\n"
QUOTED = SECOND.replace(b"\n>From", b"\n>>From").replace(b"\nFrom here", b"\n>From here")
MBOX = LINE + FIRST + b"\n" + LINE + QUOTED + b"\n"


def messages(*paths: Path) -> list[bytes]:
    return [item.raw.strip() for item in archive.read(paths) if isinstance(item, Found)]


def skipped(*paths: Path) -> list[str]:
    return [item.reason for item in archive.read(paths) if isinstance(item, Skipped)]


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return file.getvalue()


def tarred(data: bytes, name: str = "mail/list.mbox") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
    return file.getvalue()


BOTH = [FIRST.strip(), SECOND.strip()]


def test_an_mbox_gives_its_messages_with_quoted_from_lines_undone(tmp_path: Path) -> None:
    assert messages(put(tmp_path / "a", MBOX)) == BOTH


def test_an_mbox_with_crlf_line_ends_gives_the_same_messages(tmp_path: Path) -> None:
    found = messages(put(tmp_path / "a", MBOX.replace(b"\n", b"\r\n")))
    assert [raw.replace(b"\r\n", b"\n") for raw in found] == BOTH


def test_an_mbox_without_blank_lines_between_messages_is_split(tmp_path: Path) -> None:
    assert messages(put(tmp_path / "a", LINE + FIRST + LINE + FIRST)) == [FIRST.strip()] * 2


def test_a_sentence_that_begins_with_from_does_not_split_a_message(tmp_path: Path) -> None:
    raw = FIRST + b"\nFrom Russia with love\nYear: 1963\n"
    assert messages(put(tmp_path / "a", LINE + raw)) == [raw.strip()]


def test_an_mbox_that_begins_with_a_byte_order_mark_loses_no_message(tmp_path: Path) -> None:
    assert messages(put(tmp_path / "a", b"\xef\xbb\xbf" + MBOX)) == BOTH


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gz", "bz2", "xz"])
def test_packed_tars_and_mboxes_are_read_by_content_not_by_name(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    assert messages(put(tmp_path / "a", pack(MBOX))) == BOTH
    assert messages(put(tmp_path / "b", pack(tarred(MBOX)))) == BOTH


def test_a_zip_of_archives_is_read_through(tmp_path: Path) -> None:
    inner = zipped(**{"list.mbox": MBOX, "packed.tar.gz": gzip.compress(tarred(MBOX))})
    path = put(tmp_path / "takeout.zip", zipped(**{"inner.zip": inner, "one.eml": FIRST}))
    assert messages(path) == [*BOTH, *BOTH, FIRST.strip()]


def test_a_message_says_where_it_stands(tmp_path: Path) -> None:
    path = put(tmp_path / "a.zip", zipped(**{"../../etc/list.mbox": MBOX}))
    first, second = archive.read([path])
    assert str(first.where) == f"{path}, ../../etc/list.mbox, message 1 (byte 0)"
    assert second.where.offset == MBOX.index(LINE, 1)


def test_a_maildir_gives_delivered_mail_and_names_what_is_not_yet(tmp_path: Path) -> None:
    put(tmp_path / "cur" / "2:2,S", SECOND)
    put(tmp_path / "new" / "1", FIRST)
    put(tmp_path / "tmp" / "3", FIRST)
    assert messages(tmp_path) == [SECOND.strip(), FIRST.strip()]
    assert skipped(tmp_path) == ["not delivered yet (tmp of a Maildir)"]


def test_a_tree_is_read_in_the_order_of_names_and_links_in_a_loop_end(tmp_path: Path) -> None:
    put(tmp_path / "b" / "mail", SECOND)
    put(tmp_path / "a.eml", FIRST)
    (tmp_path / "b" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert messages(tmp_path) == BOTH


def test_files_that_may_be_read_are_handed_on_and_others_named_with_their_type(tmp_path: Path) -> None:
    word = zipped(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"})
    put(tmp_path / "1", b"%PDF-1.7 ...")
    put(tmp_path / "2.eml", b"\x89PNG\r\n\x1a\n")
    put(tmp_path / "3.txt", b"Just some notes.\n")
    put(tmp_path / "4", b"")
    put(tmp_path / "5.zip", zipped(**{"../in/offer.docx": word}))
    put(tmp_path / "6.pst", b"!BDN" + bytes(600))
    assert skipped(tmp_path) == ["not read: image/png", "empty"]
    files = [item for item in archive.read([tmp_path]) if isinstance(item, archive.File)]
    assert [(f.name, f.raw[:4]) for f in files] == [("1", b"%PDF"), ("3.txt", b"Just"), ("offer.docx", word[:4])]
    (store,) = (item for item in archive.read([tmp_path]) if isinstance(item, archive.MailStore))
    assert store.path == tmp_path / "6.pst"


def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert skipped(tmp_path) == ["not a regular file"]


def test_a_broken_link_and_a_path_that_is_not_there_differ(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert skipped(tmp_path) == ["No such file or directory"]
    with pytest.raises(NoSuchPath):
        archive.read([tmp_path / "nowhere"])


def many(count: int) -> bytes:
    bodies = (os.urandom(3_000).hex().encode() for _ in range(count))
    return b"".join(LINE + FIRST + body + b"\n\n" for body in bodies)


@pytest.mark.parametrize("pack", [gzip.compress, lambda d: gzip.compress(tarred(d)), lambda d: zipped(mbox=d)])
def test_a_truncated_archive_gives_what_is_whole_and_says_so_once(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    data = pack(many(400))
    path = put(tmp_path / "a", data[: len(data) * 3 // 4])
    assert 200 < len(messages(path)) < 320
    assert skipped(path) == ["truncated"]


def test_a_bomb_is_left_before_it_fills_memory(tmp_path: Path) -> None:
    path = put(tmp_path / "a.zip", zipped(mbox=LINE + FIRST + b"0" * 200_000_000))
    assert skipped(path) == ["unpacks to more than 250 times its size"]


def test_a_tar_entry_with_a_name_of_megabytes_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "a.tar.gz", gzip.compress(tarred(FIRST, "n" * 3_000_000)))
    assert skipped(path) == ["broken (an entry's name is too long)"]


def test_archives_nested_without_end_are_left(tmp_path: Path) -> None:
    data = FIRST
    for _ in range(8):
        data = gzip.compress(data)
    assert skipped(put(tmp_path / "a", data)) == ["packed more than 5 layers deep"]


def test_a_message_over_the_limit_is_cut_and_the_next_is_whole(tmp_path: Path) -> None:
    large = LINE + FIRST + b"x" * 79 + b"\n" + (b"y" * 79 + b"\n") * (MAX_MESSAGE // 80 + 100_000)
    path = put(tmp_path / "a", large + b"\n" + LINE + FIRST)
    found = [item for item in archive.read([path]) if isinstance(item, Found)]
    assert [len(item.raw) for item in found] == [MAX_MESSAGE + 1, len(FIRST)]


def test_standard_input_is_one_message() -> None:
    (item,) = archive.read([Path("-")], stdin=io.BytesIO(FIRST))
    assert isinstance(item, Found)
    assert (item.raw, str(item.where)) == (FIRST, "standard input")


def test_progress_reaches_the_size_of_all_paths(tmp_path: Path) -> None:
    paths = [put(tmp_path / "a", MBOX), put(tmp_path / "b" / "c.eml", FIRST)]
    items = list(archive.read(paths))
    assert items[-1].progress == archive.size(paths) == len(MBOX) + len(FIRST)


class Drip:
    """Gives few bytes at a time, so that every place in an mbox meets the end of a read."""

    def __init__(self, data: bytes, step: int) -> None:
        self.file, self.step = io.BytesIO(data), step

    def read(self, size: int, /) -> bytes:
        return self.file.read(min(size, self.step))


BODIES = st.sampled_from([FIRST, SECOND.replace(b"\n>", b"\n"), b"Subject: x\n\n" + b"From \n" * 400])


@given(st.lists(BODIES), st.integers(1, 3_000))
def test_how_an_mbox_is_read_does_not_change_what_is_found(parts: list[bytes], step: int) -> None:
    data = b"".join(LINE + part + b"\n" for part in parts)
    assert list(mbox.split(Drip(data, step), MAX_MESSAGE)) == list(mbox.split(io.BytesIO(data), MAX_MESSAGE))
    assert len(list(mbox.split(io.BytesIO(data), MAX_MESSAGE))) == len(parts)
