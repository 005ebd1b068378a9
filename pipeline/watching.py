"""Mail that arrives by itself: a folder on a mail server, read to its end and then watched.

Where a folder was read up to is kept after its messages are, so a run that is killed reads some of them twice, which
changes nothing, and loses none.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import Engine

import store.mailboxes
from corpus.archive import Found, Item
from corpus.mailbox import Address, Mailbox, Place, opened
from errors import MailboxUnreachable
from pipeline.report import Report
from pipeline.run import take_in
from settings import Settings

if TYPE_CHECKING:
    from nlp.analyze import Analyzer

_PATIENCE = 300.0  # seconds: servers end a watch after half an hour, networks sooner
_PAUSES = (5.0, 15.0, 60.0, 300.0)  # seconds before the next try where a server does not answer
_log = logging.getLogger(__name__)

Told = Callable[[Report], None]
"""Told of each reading that found something."""


def read_mailbox(
    engine: Engine, settings: Settings, address: Address, password: str, analyzer: Analyzer | None
) -> Report | None:
    """Read what is new in a folder; None where nothing is. Raises MailboxUnreachable or MailboxRefused."""
    with opened(address, password) as mailbox:
        return _read(engine, settings, mailbox, analyzer)


def watch_mailbox(
    engine: Engine, settings: Settings, address: Address, password: str, analyzer: Analyzer | None, told: Told
) -> None:
    """Read what is new in a folder, and then whatever comes, until interrupted.

    A server that stops answering is asked again, in ever longer pauses. Raises MailboxUnreachable where it never did,
    and MailboxRefused.
    """
    tries, answered = 0, False
    while True:
        try:
            with opened(address, password) as mailbox:
                while True:
                    report = _read(engine, settings, mailbox, analyzer)
                    tries, answered = 0, True
                    if report is not None:
                        told(report)
                        if report.stopped:
                            return
                    mailbox.wait(_PATIENCE)
        except MailboxUnreachable as error:
            if not answered:
                raise
            _log.warning("%s", error.detail)
            time.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
            tries += 1


def _read(engine: Engine, settings: Settings, mailbox: Mailbox, analyzer: Analyzer | None) -> Report | None:
    with engine.connect() as connection:
        place = store.mailboxes.place(connection, mailbox.address)
    batches = mailbox.after(place)
    first = next(batches, None)
    if first is None:
        return None
    reached: list[Place] = []
    items = _items(chain([first], batches), reached)
    report = take_in(engine, settings, items, (str(mailbox.address),), analyzer=analyzer)
    if not report.stopped:
        with engine.begin() as connection:
            store.mailboxes.keep(connection, mailbox.address, reached[-1])
    return report


def _items(batches: Iterable[Sequence[tuple[Found, Place]]], reached: list[Place]) -> Iterator[Item]:
    for found, place in chain.from_iterable(batches):
        yield found
        reached.append(place)
