"""Where a person says that a paper belongs, and all that follows from it."""

from __future__ import annotations

from sqlalchemy import Engine

import store.papers
import store.read
from pipeline.connect import connect
from settings import Settings
from store import views
from store.papers import Placed


def assign(engine: Engine, settings: Settings, document: str, relationship: str | None) -> Placed:
    """Put a paper into a relationship, or (None) into none, derive what follows, and say where it stands now.

    Both may be given as elsewhere: ids, beginnings of a document's id; domains, names or ids in the CRM.
    Raises NotFound, and InputError where the document is a mail.
    """
    with engine.begin() as connection:
        paper = store.read.document(connection, document).document.id
        home = None if relationship is None else views.resolve(connection, relationship)
        store.papers.assign(connection, paper, home)
    connect(engine, settings)
    with engine.begin() as connection:
        return store.papers.where(connection, paper)
