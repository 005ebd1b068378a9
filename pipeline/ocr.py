"""Pages that are pictures, read by Tesseract where it is installed (command `tesseract`, Apache-2.0)."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from statistics import median

from corpus.papers.pdf_words import Word
from errors import Broken

WANTED = ("fin", "eng")  # Tesseract's names of what we read
_SECONDS = 120  # for one page
_LEVEL_LINE, _LEVEL_WORD = "4", "5"
_FIELDS = 12
_SURE = 20.0  # per cent: below it a word is a stain
_LARGE = 1.4  # of the usual height of a line: what is larger really is


@cache
def installed() -> tuple[str, ...]:
    """The wanted languages that Tesseract has data for; none where it is not installed."""
    command = shutil.which("tesseract")
    if command is None:
        return ()
    try:
        found = subprocess.run([command, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(name for name in WANTED if name in found.stdout.split())


def recognise(pixels: bytes, width: int, height: int, dpi: int) -> list[Word]:
    """The words on a grey picture (one byte a dot, row by row), with their places in points. Raises Broken.

    Tesseract gives each line its own height, as its letters have it; lines of much the same height are made the same,
    so that no line passes for a heading because it has no g in it.
    """
    command = shutil.which("tesseract") or "tesseract"
    arguments = [command, "stdin", "stdout", "-l", "+".join(installed()), "--dpi", str(dpi), "tsv"]
    picture = b"P5 %d %d 255\n" % (width, height) + pixels
    try:
        done = subprocess.run(  # noqa: S603 (no word of the file's is among the arguments)
            arguments,
            input=picture,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Broken("Tesseract could not read a page.") from error
    return _words(done.stdout.decode("utf-8", "replace"), 72 / dpi)


def _words(table: str, scale: float) -> list[Word]:
    found: list[Word] = []
    top = bottom = 0.0
    heights = []
    for row in table.split("\n"):
        fields = row.split("\t")
        if len(fields) < _FIELDS or fields[0] not in (_LEVEL_LINE, _LEVEL_WORD):
            continue
        left, upper, wide, high = (float(field) * scale for field in fields[6:10])
        if fields[0] == _LEVEL_LINE:
            top, bottom = upper, upper + high
            heights.append(high)
        elif fields[11].strip() and float(fields[10]) >= _SURE:
            found.append(Word(fields[11].strip(), left, top, left + wide, bottom, False))
    usual = median(heights) if heights else 0.0
    return [word._replace(top=word.bottom - usual) if word.size < _LARGE * usual else word for word in found]
