"""Archives for tests of the pipeline: the sample's mails, as many as wanted, no two alike."""

from __future__ import annotations

import re
from itertools import cycle, islice
from pathlib import Path

_SEPARATOR = re.compile(rb"^From .*\n", re.MULTILINE)
_IDS = re.compile(rb"(?<=[<.])([0-9a-f]{6,10})(?=[.@])")


def many_mails(sample: Path, target: Path, count: int) -> Path:
    """Write `count` mails to the mbox `target`: the sample's threads again and again, under other Message-IDs."""
    mails = [m for box in sorted(sample.glob("*/mail.mbox")) for m in _SEPARATOR.split(box.read_bytes())[1:]]
    with target.open("wb") as out:
        for number, mail in enumerate(islice(cycle(mails), count)):
            turn = b"%04x" % (number // len(mails))
            head, _, body = mail.partition(b"\n\n")
            out.write(b"From suhde@example.org Mon Mar  4 09:12:00 2024\n" + _IDS.sub(rb"\1" + turn, head))
            out.write(b"\n\nNo %s.\n" % turn + body + b"\n")
    return target
