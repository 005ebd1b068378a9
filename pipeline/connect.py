"""From documents to what holds over time: threads, people and relationships anew; insights where something changed.

Everything here is a function of what the store holds, so it can be killed and run again at any moment, and the
order in which documents came does not matter.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2b
from itertools import pairwise

import msgspec
from sqlalchemy import Connection, Engine

import store.contacts
import store.papers
import store.places
import store.read
import store.strands
import store.write
from corpus.threads import Link, thread
from insights.founding import settle
from insights.placing import Placing, loose
from insights.relationships import Relations, busiest, count_domains, relate
from pipeline.deriving import derive
from pipeline.house import read_policy, read_units
from pipeline.local import batches
from pipeline.newcomers import House, take_in
from pipeline.practices import practices
from settings import Settings

_TOGETHER = 50  # papers in memory at a time
VERSION = "14"  # raise when insights derives something else from the same findings


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """What was derived."""

    relationships: int
    own_domains: tuple[str, ...]
    own_share: float | None = None  # where they were inferred: the share of messages that speak for them
    stages: dict[str, float] = {}  # seconds


def connect(engine: Engine, settings: Settings) -> Connected:
    """Derive threads, relationships and insights from all documents. Does nothing where no document or rule is new.

    A few new mails are placed among what is there (`pipeline.newcomers`); where that cannot be, all is placed anew.
    """
    read_policy(settings.policy)  # before the work, should it be wrong
    clock = [time.perf_counter()]
    with engine.begin() as turn:
        store.write.take_turn(turn)  # until all is derived: others may file documents meanwhile, but not derive
        return _take_in(engine, settings, clock) or _place_all(engine, settings, clock)


def _take_in(engine: Engine, settings: Settings, clock: list[float]) -> Connected | None:
    """Place what is new among what is there; None where all must be placed anew."""
    with engine.begin() as connection:
        if store.read.version(connection) != _rules(settings) or store.read.stale(connection) is not None:
            return None
        pending = store.read.pending(connection)
        house = _house(connection, settings)
        if pending and not take_in(connection, house, pending):
            store.write.mark_stale(connection)
            return None
        store.write.settled(connection, pending)
    clock.append(time.perf_counter())
    derive(engine, _version(settings, house.own_domains), house.own_domains, few=True)
    with engine.connect() as connection:
        count = store.read.count_relationships(connection)
    return _connected(count, house.own_domains, None, ("relationships", "insights"), clock)


def _place_all(engine: Engine, settings: Settings, clock: list[float]) -> Connected:
    """Place all documents anew."""
    with engine.begin() as connection:
        store.write.mark_stale(connection)
    with engine.begin() as connection:
        mark, pending = store.read.stale(connection), store.read.pending(connection)
        carriers = store.read.carriers(connection)
        _write_threads(connection, carriers)
        clock.append(time.perf_counter())
        relations, share = _relate(connection, settings)
        relations, placed = _place(connection, relations, carriers)
        store.write.relations(connection, relations, placed, _rules(settings))
        store.write.settled(connection, pending)
    clock.append(time.perf_counter())
    derive(engine, _version(settings, relations.own_domains), relations.own_domains)
    with engine.begin() as connection:
        store.write.mark_fresh(connection, mark or "")
    clock.append(time.perf_counter())
    practices(engine, settings, date.today())  # noqa: DTZ011 -- the day that pages show first
    stages = ("threads", "relationships", "insights", "practices")
    return _connected(len(relations.relationships), relations.own_domains, share, stages, clock)


def _connected(
    count: int, own_domains: tuple[str, ...], share: float | None, stages: Sequence[str], clock: list[float]
) -> Connected:
    clock.append(time.perf_counter())
    spent = [later - earlier for earlier, later in pairwise(clock)]
    return Connected(
        relationships=count, own_domains=own_domains, own_share=share, stages=dict(zip(stages, spent, strict=False))
    )


def _house(connection: Connection, settings: Settings) -> House:
    return House(
        own_domains=settings.own_domains or store.read.own_domains(connection),
        are_inferred=not settings.own_domains,
        accounts=store.read.accounts(connection),
        units=read_units(settings.units),
    )


def _rules(settings: Settings) -> str:
    """What relationships rest on besides documents and accounts: our code, our domains, our units."""
    return _version(settings, settings.own_domains)


def _version(settings: Settings, own_domains: Sequence[str]) -> str:
    """The same for insights, which rest on the domains that were inferred, too."""
    parts = (VERSION, own_domains, read_units(settings.units))
    return blake2b(msgspec.json.encode(parts), digest_size=16).hexdigest()


def _write_threads(connection: Connection, carriers: Mapping[str, Sequence[str]]) -> None:
    links = thread(store.strands.strands(connection))
    for paper, mails in carriers.items():  # in the thread of the mail that brought it first
        links[paper] = Link(links[mails[0]].thread if mails else paper, None)
    before = store.strands.links(connection)
    store.write.links(connection, {i: link for i, link in links.items() if before.get(i) != link})


def _relate(connection: Connection, settings: Settings) -> tuple[Relations, float | None]:
    envelopes = list(store.read.envelopes(connection))
    domains, messages = count_domains(envelopes)
    own, share = settings.own_domains, None
    if not own:
        own, share = busiest(domains, messages)
    relations = relate(envelopes, own, store.read.accounts(connection), read_units(settings.units))
    renamed = store.contacts.write_all(connection, relations, domains, messages)
    store.places.touch(connection, [e.id for e in envelopes if renamed.intersection(a.email for a in e.people)])
    return relations, share


def _place(
    connection: Connection, relations: Relations, carriers: Mapping[str, Sequence[str]]
) -> tuple[Relations, dict[str, Placing]]:
    """Where each paper belongs, and the relations with those that papers alone tell of."""
    for batch in batches(store.papers.unread(connection, VERSION), _TOGETHER):
        store.papers.keep_loose(connection, VERSION, map(loose, store.read.papers(connection, batch)))
    papers = store.papers.loose(connection)
    assigned, accounts = store.papers.assignments(connection), store.read.accounts(connection)
    return settle(papers, relations, carriers, assigned, accounts)
