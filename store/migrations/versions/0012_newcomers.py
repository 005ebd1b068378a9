"""What it takes to place a new mail without looking at all the others: indexes, and what was counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.kinship import read_subject

revision = "0012"
down_revision = "0011"

_STATEMENTS = """
CREATE TABLE pending (
  document_id text CONSTRAINT pending_pkey PRIMARY KEY
    CONSTRAINT pending_document_id_fkey REFERENCES document (id) ON DELETE CASCADE,
  since text NOT NULL);
CREATE TABLE mailbox (
  email text, name text, seen integer NOT NULL, CONSTRAINT mailbox_pkey PRIMARY KEY (email, name));
CREATE TABLE contact (
  email text CONSTRAINT contact_pkey PRIMARY KEY, person text NOT NULL, name text NOT NULL, counterparty text, unit text,
  merging_key text NOT NULL, heard boolean NOT NULL, bulk boolean NOT NULL);
CREATE TABLE domain (name text CONSTRAINT domain_pkey PRIMARY KEY, messages integer NOT NULL);
CREATE TABLE unopened (
  relationship_id text,
  document_id text CONSTRAINT unopened_document_id_fkey REFERENCES document (id) ON DELETE CASCADE,
  direction text NOT NULL,
  CONSTRAINT unopened_pkey PRIMARY KEY (relationship_id, document_id));
CREATE INDEX contact_merging_key_idx ON contact (merging_key) WHERE merging_key <> '';
CREATE INDEX contact_counterparty_idx ON contact (counterparty);
CREATE INDEX contact_unit_idx ON contact (unit) WHERE unit IS NOT NULL;
CREATE INDEX unopened_document_id_idx ON unopened (document_id);
CREATE INDEX document_author_email_idx ON document (author_email);
CREATE INDEX document_subject_idx ON document (subject_key, coalesce(at, 'infinity'), id);
CREATE INDEX document_own_print_idx ON document (own_print, coalesce(at, 'infinity'), id);
CREATE INDEX document_quoted_print_idx ON document (quoted_print);
CREATE INDEX document_references_idx ON document USING gin ((data -> 'references'));
CREATE INDEX document_in_reply_to_idx ON document USING gin ((data -> 'in_reply_to'));
CREATE INDEX document_to_idx ON document USING gin ((data -> 'to') jsonb_path_ops);
CREATE INDEX document_cc_idx ON document USING gin ((data -> 'cc') jsonb_path_ops);
ALTER TABLE relationship ADD COLUMN touched text[];
CREATE INDEX link_answers_id_idx ON link (answers_id);
"""
_COMMENTS = {
    "document.subject_key": "corpus.kinship.Subject.key",
    "pending.since": "transaction that filed it or read it again",
    "mailbox.seen": "how often, over all mails",
    "contact.person": "id",
    "contact.counterparty": "null: one of us",
    "contact.unit": "of ours",
    "contact.merging_key": "corpus.people.merging_keys",
    "contact.heard": "one of us wrote to it",
    "contact.bulk": "it sends like a machine: insights.bulk",
    "domain.messages": "in which it takes part; '' counts all",
    "relationship.touched": "documents because of which they are to be derived anew",
    "unopened.relationship_id": "in which only mass and automatic mail passed so far",
}


def upgrade() -> None:
    """Apply."""
    op.add_column("document", sa.Column("subject_key", sa.BigInteger(), nullable=True))
    _read_subjects(op.get_bind())
    op.alter_column("document", "subject_key", nullable=False)
    for statement in _STATEMENTS.split(";"):
        if statement.strip():
            op.execute(statement)
    for column, comment in _COMMENTS.items():
        op.execute(f"COMMENT ON COLUMN {column} IS '{comment.replace(chr(39), chr(39) * 2)}'")


def _read_subjects(connection: sa.Connection) -> None:
    subjects = connection.execute(sa.text("SELECT DISTINCT subject FROM document")).scalars().all()
    connection.execute(sa.text("CREATE TEMPORARY TABLE subject_read (subject text, key bigint) ON COMMIT DROP"))
    if subjects:
        keys = [{"subject": s, "key": read_subject(s).key} for s in subjects]
        connection.execute(sa.text("INSERT INTO subject_read VALUES (:subject, :key)"), keys)
    connection.execute(
        sa.text("UPDATE document d SET subject_key = s.key FROM subject_read s WHERE s.subject = d.subject")
    )
