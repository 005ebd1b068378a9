"""The first tables: what was read, what was found in it, and what holds over time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "account",
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("domains", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("external_id", name=op.f("account_pkey")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content_key", sa.Text(), nullable=True, comment="same Message-ID and same own words: a copy"),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Text(), nullable=True, comment="the document that enclosed it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_email", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sending", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False, comment="the rest of corpus.document.Document"),
        sa.Column("own_print", sa.BigInteger(), nullable=False, comment="see corpus.threads.Strand"),
        sa.Column("quoted_print", sa.BigInteger(), nullable=True),
        sa.Column(
            "sentences", sa.Integer(), nullable=False, comment="how many were read; 0 where the models were not asked"
        ),
        sa.Column("parser", sa.SmallInteger(), nullable=False, comment="version of the parser that derived the row"),
        sa.Column(
            "reader", sa.Text(), nullable=True, comment="version of the model that derived its findings; null: not read"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("document_pkey")),
        sa.UniqueConstraint("content_key", name=op.f("document_content_key_key")),
    )
    op.create_index(op.f("document_message_id_idx"), "document", ["message_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False, comment="the first of the e-mail addresses"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("emails", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
    )
    op.create_table(
        "relationship",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("domains", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("people", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True, comment="of all that its insights rest on; null: to be derived"),
        sa.Column("summary", postgresql.JSONB(), nullable=True, comment="store.read.Summary: sums and rhythm"),
        sa.PrimaryKeyConstraint("id", name=op.f("relationship_pkey")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True, comment="null: still running, or killed"),
        sa.Column("report", postgresql.JSONB(), nullable=False, comment="pipeline.report.Report"),
        sa.PrimaryKeyConstraint("id", name=op.f("run_pkey")),
    )
    op.create_table(
        "setting",
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="stale, own_domains, version: see store.read",
        ),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("setting_pkey")),
    )
    op.create_table(
        "source",
        sa.Column("raw_id", sa.Text(), nullable=False, comment="corpus.message.raw_id of the bytes"),
        sa.Column("outcome", sa.Text(), nullable=False, comment="stored | duplicate | quarantined"),
        sa.Column("document_id", sa.Text(), nullable=True, comment="the document it became, or is a copy of"),
        sa.Column("place", sa.Text(), nullable=False, comment="where it was first seen"),
        sa.Column("code", sa.Integer(), nullable=True, comment="error code, where quarantined"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="when it was read"),
        sa.PrimaryKeyConstraint("raw_id", name=op.f("source_pkey")),
    )
    op.create_index(
        op.f("source_outcome_idx"), "source", ["outcome"], unique=False, postgresql_where="outcome = 'quarantined'"
    )
    op.create_table(
        "finding",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column(
            "data",
            postgresql.JSONB(),
            nullable=False,
            comment="nlp.findings.Finding; only sentences that say something",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("finding_document_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "start", name=op.f("finding_pkey")),
    )
    op.create_table(
        "insight",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("relationship_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True, comment="null sorts first: undated evidence"),
        sa.Column("due", sa.Date(), nullable=True, comment="last day of a commitment's first due"),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False, comment="the value, by kind: insights.insight"),
        sa.ForeignKeyConstraint(
            ["relationship_id"], ["relationship.id"], name=op.f("insight_relationship_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("insight_pkey")),
    )
    op.create_index(op.f("insight_kind_at_idx"), "insight", ["kind", "at"], unique=False)
    op.create_index(op.f("insight_relationship_id_at_id_idx"), "insight", ["relationship_id", "at", "id"], unique=False)
    op.create_table(
        "link",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False, comment="id of the thread's earliest document"),
        sa.Column("answers_id", sa.Text(), nullable=True, comment="the document that this one answers"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("link_document_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("link_pkey")),
    )
    op.create_index(op.f("link_thread_id_idx"), "link", ["thread_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("relationship_id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False, comment="in: from them | out: from us"),
        sa.Column("quiet", sa.Boolean(), nullable=False, comment="bulk or automatic: kept out of the timeline"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("membership_document_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"], ["relationship.id"], name=op.f("membership_relationship_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("relationship_id", "document_id", name=op.f("membership_pkey")),
    )
    op.create_index(op.f("membership_document_id_idx"), "membership", ["document_id"], unique=False)
    op.create_table(
        "skip",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("skip_run_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "place", name=op.f("skip_pkey")),
    )
