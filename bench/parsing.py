"""Reading and parsing of mail beside what one would pick instead: Python's mailbox and email, fast-mail-parser.

    python -m bench.parsing

Speed is CPU time on one core, the better of two runs. "differ" counts messages whose subject or plain text is not the
same as ours (white space aside), "fail" those that raised: peers leave format=flowed broken, take the first plain part
only or HTML labelled plain as it is, and keep wrong charsets. The last table says what becomes of the fixtures.
"""

from __future__ import annotations

import email
import email.policy
import mailbox
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.header import decode_header, make_header
from functools import partial
from pathlib import Path
from typing import NamedTuple

import fast_mail_parser
from rich.console import Console
from rich.table import Table

from corpus import archive, identity, message, times
from corpus.archive import Found
from corpus.body import read_body
from corpus.mime import read_parts
from errors import MessageError

MAIL = Path(__file__).parents[2] / "shared" / "data" / "mail"
ARCHIVES = ("enron.mbox", "usrp-users.mbox", "spamassassin.mbox")
FIXTURES = ("MimeKit", "mikel-mail", "notmuch", "cpython-test_email", "mail-parser", "nodemailer-mailparser")
RUNS = 2
MOST = 1_500  # messages of an archive that are parsed, evenly taken

_SPACE = re.compile(r"\s+")


class Read(NamedTuple):
    """What is compared of a message."""

    subject: str
    text: str


def ours(raw: bytes) -> Read:
    """All that a document holds, zones and language included."""
    document = message.parse(raw).documents[0]
    return Read(document.subject, document.text)


def ours_unzoned(raw: bytes) -> Read:
    """Parts, text, author, recipients and time; neither zones nor language."""
    root = read_parts(message.canonical(raw))
    identity.author(root.headers, identity.list_id(root.headers))
    identity.recipients(root.headers, "to")
    identity.recipients(root.headers, "cc")
    times.sent(root.headers, datetime.now(UTC))
    return Read(root.headers.text("subject"), read_body(root).text.text)


def python_compat(raw: bytes) -> Read:
    """Python's email with the policy compat32."""
    parsed = email.message_from_bytes(raw)
    part = next((p for p in parsed.walk() if p.get_content_type() == "text/plain"), None)
    content = part.get_payload(decode=True) if part else b""
    charset = (part.get_content_charset() if part else None) or "utf-8"
    text = content.decode(charset, "replace") if isinstance(content, bytes) else ""
    return Read(str(make_header(decode_header(parsed["subject"] or ""))), text)


def python_default(raw: bytes) -> Read:
    """Python's email with the policy default."""
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    part = parsed.get_body(("plain", "html"))
    return Read(str(parsed["subject"] or ""), str(part.get_content()) if part else "")


def fast(raw: bytes) -> Read:
    """fast-mail-parser (Rust)."""
    parsed = fast_mail_parser.parse_email(raw)
    return Read(parsed.subject, "\n\n".join(parsed.text_plain))


PARSERS: dict[str, Callable[[bytes], Read]] = {
    "Suhde, all": ours,
    "Suhde, without zones and language": ours_unzoned,
    "email, compat32": python_compat,
    "email, default": python_default,
    "fast-mail-parser": fast,
}


def squeezed(read: Read) -> Read:
    """Without the white space that is no difference."""
    return Read(_SPACE.sub(" ", read.subject).strip(), _SPACE.sub(" ", read.text).strip())


def seconds(work: Callable[[], object]) -> float:
    """CPU time of the fastest run."""
    taken = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def split_ours(path: Path) -> int:
    """How many messages `corpus.archive` finds."""
    return sum(isinstance(item, Found) for item in archive.read([path]))


def split_mailbox(path: Path) -> int:
    """How many messages Python's mailbox finds, each read."""
    box = mailbox.mbox(path, create=False)
    return sum(1 for key in box.keys() if box.get_bytes(key))  # noqa: SIM118 (a mailbox iterates over messages)


READERS = {"Suhde": split_ours, "mailbox.mbox": split_mailbox}


def splitting(console: Console) -> None:
    """Messages out of an mbox."""
    table = Table("archive", "reader", "messages", "messages/s", title="Splitting")
    for name in ARCHIVES:
        path = MAIL / name
        for reader, count in READERS.items():
            taken = seconds(partial(count, path))
            table.add_row(name, reader, f"{count(path):,}", f"{count(path) / taken:,.0f}")
    console.print(table)


def parsing(console: Console) -> None:
    """Speed of each parser on the archives, and how often it reads something else than ours."""
    table = Table("archive", "parser", "µs/message", "differ", "fail", title="Parsing")
    for name in ARCHIVES:
        raws = [item.raw for item in archive.read([MAIL / name]) if isinstance(item, Found)]
        raws = raws[:: 1 + len(raws) // MOST]
        reference = [squeezed(ours(raw)) for raw in raws]
        for parser, parse in PARSERS.items():
            differ, fail = compared(parse, raws, reference)
            taken = seconds(partial(compared, parse, raws, ()))
            table.add_row(name, parser, f"{1e6 * taken / len(raws):,.0f}", f"{differ:,}", f"{fail:,}")
    console.print(table)


def compared(parse: Callable[[bytes], Read], raws: Sequence[bytes], reference: Sequence[Read]) -> tuple[int, int]:
    """How many messages a parser reads otherwise than the reference (none is looked at without one), and fails on."""
    differ = fail = 0
    for number, raw in enumerate(raws):
        try:
            read = parse(raw)
        except Exception:
            fail += 1
            continue
        differ += bool(reference) and squeezed(read) != reference[number]
    return differ, fail


def outcomes(console: Console) -> None:
    """What becomes of the fixtures."""
    table = Table("fixtures", "messages", "documents", "attachments", "quarantined", "skipped", title="Fixtures")
    for name in FIXTURES:
        counts: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        for item in archive.read([MAIL / "fixtures" / name]):
            if not isinstance(item, Found):
                counts["skipped"] += 1
                continue
            counts["messages"] += 1
            try:
                parsed = message.parse(item.raw)
            except MessageError as error:
                reasons[type(error).__name__] += 1
                continue
            counts["documents"] += len(parsed.documents)
            counts["attachments"] += len(parsed.blobs)
        quarantined = ", ".join(f"{count} {reason}" for reason, count in reasons.items()) or "0"
        table.add_row(
            name,
            *(str(counts[c]) for c in ("messages", "documents", "attachments")),
            quarantined,
            str(counts["skipped"]),
        )
    console.print(table)


def main() -> int:
    """Print the tables; 1 where the data is not there."""
    console = Console(width=110)
    if not MAIL.exists():
        console.print("../shared/data/mail is not there: nothing measured.")
        return 1
    splitting(console)
    parsing(console)
    outcomes(console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
