"""Mail from a server of its own: Dovecot, where it is installed."""

from __future__ import annotations

import getpass
import grp
import pwd
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient
from sqlalchemy import Engine, text

from corpus.mailbox import Address, opened
from errors import BadMailbox, MailboxRefused, MailboxUnreachable
from pipeline.report import Report
from pipeline.watching import read_mailbox, watch_mailbox
from settings import Settings

WORD = "s3cret"


def letter(number: int, words: str = "All is well.") -> bytes:
    return (
        f"From: tom@acme.example\r\nTo: anna@kettu.example\r\nMessage-ID: <{number}@acme.example>\r\n"
        f"Date: Mon, {number % 28 + 1} Sep 2024 09:00:00 +0300\r\nSubject: Pump {number}\r\n\r\n{words}\r\n"
    ).encode()


_CONFIGURATION = """
base_dir={folder}/run
log_path={folder}/log
protocols=imap
ssl=no
listen=127.0.0.1
default_internal_user={user}
default_internal_group={user}
default_login_user={stranger}
disable_plaintext_auth=no
first_valid_uid=0
mail_location=maildir:{folder}/mail
passdb {{
 driver=passwd-file
 args={folder}/users
}}
userdb {{
 driver=static
 args=uid={stranger} gid={group} home={folder}/mail
}}
service imap-login {{
 chroot=
 inet_listener imap {{
  port={port}
 }}
 inet_listener imaps {{
  port=0
 }}
}}
service anvil {{
 chroot=
}}
service stats {{
 chroot=
}}
"""


@pytest.fixture(scope="module")
def server(homes: Path) -> Iterator[int]:
    """A Dovecot with one user; the port on which it listens."""
    if (dovecot := shutil.which("dovecot")) is None:
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd)")
    folder = homes / "dovecot"
    folder.mkdir()
    for open_folder in (homes, folder):
        open_folder.chmod(0o755)  # root's Dovecot lets a stranger take the calls
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = getpass.getuser()
    stranger = "nobody" if user == "root" else user
    group = grp.getgrgid(pwd.getpwnam(stranger).pw_gid).gr_name
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", stranger, group)
    (folder / "users").write_text(f"anna:{{PLAIN}}{WORD}:::::\n")
    settings = _CONFIGURATION.format(folder=folder, port=port, user=user, stranger=stranger, group=group)
    (folder / "dovecot.conf").write_text(settings)
    process = subprocess.Popen([dovecot, "-F", "-c", str(folder / "dovecot.conf")])
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield port
    process.terminate()
    process.wait(20)


@pytest.fixture
def folder(server: int, request: pytest.FixtureRequest) -> Iterator[IMAPClient]:
    """A folder of the test's own, as its owner sees it."""
    client = IMAPClient("127.0.0.1", server, ssl=False)
    client.login("anna", WORD)
    name = request.node.name.partition("[")[0]
    client.create_folder(name)
    client.select_folder(name)
    yield client
    client.logout()


@pytest.fixture
def address(server: int, request: pytest.FixtureRequest) -> Address:
    return Address.read(f"imap://anna@127.0.0.1:{server}/{request.node.name.partition('[')[0]}")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", own_domains=("kettu.example",))


def put(client: IMAPClient, address: Address, *letters: bytes) -> None:
    for one in letters:
        client.append(address.folder, one)


def titles(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT subject FROM document ORDER BY at")).scalars())


def test_what_is_there_is_read_once_and_then_only_what_is_new(
    database: Engine, settings: Settings, folder: IMAPClient, address: Address
) -> None:
    put(folder, address, letter(1), letter(2), b"no mail")
    first = read_mailbox(database, settings, address, WORD, None)
    assert first is not None
    assert (first.seen, first.stored, first.quarantined) == (3, 2, 1)
    assert read_mailbox(database, settings, address, WORD, None) is None
    put(folder, address, letter(3))
    second = read_mailbox(database, settings, address, WORD, None)
    assert second is not None
    assert (second.seen, second.stored) == (1, 1)
    assert titles(database) == ["Pump 1", "Pump 2", "Pump 3"]


def test_the_folder_is_left_as_it_was(
    database: Engine, settings: Settings, folder: IMAPClient, address: Address
) -> None:
    put(folder, address, letter(1))
    read_mailbox(database, settings, address, WORD, None)
    folder.noop()
    assert [told[b"FLAGS"] for told in folder.fetch(folder.search("ALL"), ["FLAGS"]).values()] in (
        [()],
        [(b"\\Recent",)],
    )


def test_a_folder_that_was_made_anew_is_read_anew(
    database: Engine, settings: Settings, folder: IMAPClient, address: Address
) -> None:
    put(folder, address, letter(1), letter(2))
    read_mailbox(database, settings, address, WORD, None)
    folder.unselect_folder()
    folder.delete_folder(address.folder)
    time.sleep(1.1)  # Dovecot numbers folders by the second
    folder.create_folder(address.folder)
    put(folder, address, letter(3))
    again = read_mailbox(database, settings, address, WORD, None)
    assert again is not None
    assert (again.seen, again.stored) == (1, 1)


def test_mail_that_comes_while_watching_is_read(
    database: Engine, settings: Settings, folder: IMAPClient, address: Address
) -> None:
    put(folder, address, letter(1))
    reports: list[Report] = []

    class Enough(Exception):
        pass

    def told(report: Report) -> None:
        reports.append(report)
        if len(reports) == 2:
            raise Enough
        threading.Timer(0.5, put, (folder, address, letter(2))).start()

    with pytest.raises(Enough):
        watch_mailbox(database, settings, address, WORD, None, told)
    assert titles(database) == ["Pump 1", "Pump 2"]


def test_a_large_folder_comes_in_batches(folder: IMAPClient, address: Address) -> None:
    put(folder, address, *(letter(n) for n in range(40)))
    with opened(address, WORD) as mailbox:
        batches = list(mailbox.after(None))
        assert [len(batch) for batch in batches] == [32, 8]
        place = batches[0][-1][1]
        assert [len(batch) for batch in mailbox.after(place)] == [8]


def test_a_wrong_password_or_folder_is_told_apart_from_a_silent_server(server: int) -> None:
    here = f"127.0.0.1:{server}"
    with pytest.raises(MailboxRefused, match="refuses anna"), opened(Address.read(f"imap://anna@{here}"), "wrong"):
        pass
    with pytest.raises(MailboxRefused, match="no folder"), opened(Address.read(f"imap://anna@{here}/Nowhere"), WORD):
        pass
    with pytest.raises(MailboxUnreachable), opened(Address.read("imap://anna@127.0.0.1:1"), WORD):
        pass


@pytest.mark.parametrize(
    "words",
    ["imap.example.fi", "https://anna@imap.example.fi", "imaps://imap.example.fi", "imaps://anna:x@imap.fi", ""],
)
def test_an_address_that_is_none_or_shows_a_password_is_refused(words: str) -> None:
    with pytest.raises(BadMailbox):
        Address.read(words)


def test_names_with_signs_are_written_as_in_any_url() -> None:
    one = Address.read("imaps://anna%40kettu.fi@imap.kettu.fi/Asiakkaat/Kes%C3%A4")
    assert (one.user, one.port, one.folder) == ("anna@kettu.fi", 993, "Asiakkaat/Kesä")
