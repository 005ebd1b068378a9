"""Words that stand nowhere else, planted in every place that mail and papers have, and where they are found again."""

from __future__ import annotations

import base64
import mmap
from collections.abc import Iterator
from pathlib import Path

import zstandard
from sqlalchemy import Engine, text

TEXT, SUBJECT, PAPER, UNREADABLE, QUARANTINE, NAME, QUOTED = (
    "kanarianteksti", "kanarianaihe", "kanarianliite", "kanariantaulukko", "kanariankaranteeni", "Kanarialintunen",
    "kanarianlainaus",
)  # fmt: skip
ALL = (TEXT, SUBJECT, PAPER, UNREADABLE, QUARANTINE, NAME, QUOTED)
ANNA, OTHER, US = f"anna.{NAME.lower()}@acme.example", "bo@acme.example", "meri@tuulikas.fi"


def mail(
    number: int, author: str, to: str, subject: str, body: str, files: dict[str, str] | None = None, **fields: str
) -> bytes:
    """A mail of the day after the first of May 2024 that `number` says; `files` are attached as plain text."""
    head = {
        "From": author,
        "To": to,
        "Subject": subject,
        "Date": f"{number + 1:02} May 2024 09:00:00 +0300",
        "Message-ID": f"<{number}@test.example>",
        **{name.replace("_", "-"): value for name, value in fields.items()},
        "MIME-Version": "1.0",
        "Content-Type": "multipart/mixed; boundary=b",
    }
    parts = ["Content-Type: text/plain; charset=utf-8\n\n" + body]
    parts += [
        f'Content-Type: text/plain; name="{name}"\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(content.encode()).decode()}"
        for name, content in (files or {}).items()
    ]
    lines = [f"{name}: {value}" for name, value in head.items()]
    return ("\n".join(lines) + "\n\n" + "".join(f"--b\n{part}\n" for part in parts) + "--b--\n").encode()


def archive(folder: Path) -> Path:
    """A folder of mail: what Anna takes part in or is named in, and what has nothing to do with her."""
    folder.mkdir()
    anna = f"Anna {NAME} <{ANNA}>"
    minutes = f"Muistio 3.5.2024\n\nLäsnä: Meri Tuulikas\n\nPäätettiin: {PAPER} toimitetaan perjantaina.\n"
    mails = {
        "hers": mail(1, anna, US, f"{SUBJECT} ja aikataulu", f"Lähetän {TEXT} perjantaihin mennessä.\n\nt. Anna",
                     {"Muistio.txt": minutes, "taulukko.csv": f"a;{UNREADABLE}"}),
        "answer": mail(2, US, anna, "Re: aikataulu", f"Kiitos!\n\n> Lähetän {QUOTED} perjantaihin mennessä.\n"),
        "told": mail(3, US, "kai@tuulikas.fi", "Puhelu", f"Soitin Anna {NAME[:-3]}selle {TEXT} asiasta.\n"),
        "initial": mail(7, US, "kai@tuulikas.fi", "Kokous", f"Läsnä: A. {NAME} ja minä, aiheena {TEXT}.\n"),
        "blind": mail(4, US, "kai@tuulikas.fi", "Tiedoksi", f"Hinta {TEXT} nousee.\n", Bcc=ANNA),
        "others": mail(5, f"Bo Ek <{OTHER}>", US, "Lasku", "Lähetän laskun maanantaina. Maksu on myöhässä.\n",
                       {"Lasku.txt": "Lasku 17\n\nEräpäivä 3.6.2024\n"}),
        "ours": mail(6, US, OTHER, "Re: Lasku", "Maksamme laskun ensi viikolla. Pahoittelut viiveestä.\n"),
    }  # fmt: skip
    for name, raw in mails.items():
        (folder / f"{name}.eml").write_bytes(raw)
    broken = f"From: {ANNA}\nSubject: {QUARANTINE}\nContent-Type: multipart/mixed; boundary=x\n\n" + "--x\n\n" * 5000
    (folder / f"anna.{NAME}.eml").write_bytes(broken.encode())
    return folder


def found_in_tables(engine: Engine, words: tuple[str, ...] = ALL) -> list[tuple[str, str]]:
    """(table, word) for every table that holds one of the words in any column."""
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        return [
            (table, word)
            for table in tables
            for word in words
            if connection.scalar(
                text(f"SELECT count(*) FROM {table} AS t WHERE strpos(lower(t::text), :word) > 0"),
                {"word": word.lower()},
            )
        ]


def found_in_files(home: Path, words: tuple[str, ...] = ALL) -> list[tuple[str, str]]:
    """(file, word) for every file under a data folder that holds one of the words, as it is or compressed."""
    return [(str(path), word) for path in home.rglob("*") for word in _within(path, words)]


def _within(path: Path, words: tuple[str, ...]) -> Iterator[str]:
    if not path.is_file() or path.is_symlink() or not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        raw = zstandard.ZstdDecompressor().decompress(content[:]) if path.suffix == ".zst" else content
        for word in words:
            if any(raw.find(one.encode()) >= 0 for one in (word, word.lower())):
                yield word
