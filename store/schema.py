"""The tables. What is searched, joined or sorted is a column; the rest of a value is one JSON column beside it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_name)s_key",
    }
)

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("started", DateTime(timezone=True), nullable=False),
    Column("finished", DateTime(timezone=True), comment="null: still running, or killed"),
    Column("report", JSONB, nullable=False, comment="pipeline.report.Report"),
)

skip = Table(
    "skip",
    metadata,
    Column("run_id", Text, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Text, primary_key=True),
    Column("reason", Text, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("raw_id", Text, primary_key=True, comment="corpus.message.raw_id of the bytes"),
    Column("outcome", Text, nullable=False, comment="stored | duplicate | quarantined | skipped"),
    Column("document_id", Text, comment="the document it became, or is a copy of"),
    Column("place", Text, nullable=False, comment="where it was first seen"),
    Column("code", Integer, comment="error code, where quarantined"),
    Column("reason", Text),
    Column("at", DateTime(timezone=True), nullable=False, comment="when it was read"),
    Index(None, "outcome", postgresql_where="outcome = 'quarantined'"),
)

document = Table(
    "document",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("content_key", Text, comment="same Message-ID and same own words: a copy"),
    Column("message_id", Text),
    Column("parent_id", Text, comment="the document that enclosed it"),
    Column("at", DateTime(timezone=True)),
    Column("author_email", Text),
    Column("subject", Text, nullable=False),
    Column("sending", Text, nullable=False),
    Column("language", Text),
    Column("text", Text, nullable=False),
    Column("data", JSONB, nullable=False, comment="the rest of corpus.document.Document"),
    Column("own_print", BigInteger, nullable=False, comment="see corpus.threads.Strand"),
    Column("quoted_print", BigInteger),
    Column("sentences", Integer, nullable=False, comment="how many were read; 0 where the models were not asked"),
    Column("parser", SmallInteger, nullable=False, comment="version of the parser that derived the row"),
    Column("reader", Text, comment="version of the model that derived its findings; null: not read"),
    Column("reading", JSONB, comment="what a contract (insights.contracts) or minutes (insights.notes) say as such"),
    Column("subject_key", BigInteger, nullable=False, comment="corpus.kinship.Subject.key"),
    UniqueConstraint("content_key"),
    Index(None, "message_id"),
    Index(None, "author_email"),
    Index("document_subject_idx", "subject_key", text("coalesce(at, 'infinity')"), "id"),
    Index("document_own_print_idx", "own_print", text("coalesce(at, 'infinity')"), "id"),
    Index(None, "quoted_print"),
    Index("document_references_idx", text("(data -> 'references')"), postgresql_using="gin"),
    Index("document_in_reply_to_idx", text("(data -> 'in_reply_to')"), postgresql_using="gin"),
    *(
        Index(
            f"document_{who}_idx",
            literal_column(f"(data -> '{who}')").label(who),
            postgresql_using="gin",
            postgresql_ops={who: "jsonb_path_ops"},
        )
        for who in ("to", "cc")
    ),
    Index("document_words_idx", text("document_words(language, subject, data, text)"), postgresql_using="gin"),
)

link = Table(
    "link",
    metadata,
    Column("document_id", Text, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("thread_id", Text, nullable=False, comment="id of the thread's earliest document"),
    Column("answers_id", Text, comment="the document that this one answers"),
    Index(None, "thread_id"),
    Index(None, "answers_id"),
)

pending = Table(
    "pending",
    metadata,
    Column("document_id", Text, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("since", Text, nullable=False, comment="transaction that filed it or read it again"),
)

finding = Table(
    "finding",
    metadata,
    Column("document_id", Text, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("data", JSONB, nullable=False, comment="nlp.findings.Finding; only sentences that say something"),
)

person = Table(
    "person",
    metadata,
    Column("id", Text, primary_key=True, comment="the first of the e-mail addresses"),
    Column("name", Text, nullable=False),
    Column("emails", ARRAY(Text), nullable=False),
)

mailbox = Table(
    "mailbox",
    metadata,
    Column("email", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("seen", Integer, nullable=False, comment="how often, over all mails"),
)

contact = Table(
    "contact",
    metadata,
    Column("email", Text, primary_key=True),
    Column("person", Text, nullable=False, comment="id"),
    Column("name", Text, nullable=False),
    Column("counterparty", Text, comment="null: one of us"),
    Column("unit", Text, comment="of ours"),
    Column("merging_key", Text, nullable=False, comment="corpus.people.merging_keys"),
    Column("heard", Boolean, nullable=False, comment="one of us wrote to it"),
    Column("bulk", Boolean, nullable=False, comment="it sends like a machine: insights.bulk"),
    Index(None, "merging_key", postgresql_where=text("merging_key <> ''")),
    Index(None, "counterparty"),
    Index(None, "unit", postgresql_where=text("unit IS NOT NULL")),
)

domain = Table(
    "domain",
    metadata,
    Column("name", Text, primary_key=True),
    Column("messages", Integer, nullable=False, comment="in which it takes part; '' counts all"),
)

relationship = Table(
    "relationship",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text),
    Column("external_id", Text),
    Column("owner", Text),
    Column("domains", ARRAY(Text), nullable=False),
    Column("people", ARRAY(Text), nullable=False),
    Column("digest", Text, comment="of all that its insights rest on; null: to be derived"),
    Column("touched", ARRAY(Text), comment="documents because of which they are to be derived anew"),
    Column("summary", JSONB, comment="store.read.Summary: sums and rhythm"),
    Column("documents", Integer, nullable=False, server_default="0", comment="those in the summary, to sort by …"),
    Column("first", DateTime(timezone=True), comment="… and their first and last times"),
    Column("last", DateTime(timezone=True)),
)

membership = Table(
    "membership",
    metadata,
    Column("relationship_id", Text, ForeignKey("relationship.id", ondelete="CASCADE"), primary_key=True),
    Column("document_id", Text, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("direction", Text, nullable=False, comment="in: from them | out: from us"),
    Column("quiet", Boolean, nullable=False, comment="bulk or automatic: kept out of the timeline"),
    Column("confidence", Float, comment="0 … 1, how sure a paper's place is; null: a mail"),
    Column("reason", Text, comment="why a paper belongs here: insights.placing; null: a mail"),
    Index(None, "document_id"),
)

unopened = Table(
    "unopened",
    metadata,
    Column("relationship_id", Text, primary_key=True, comment="in which only mass and automatic mail passed so far"),
    Column("document_id", Text, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("direction", Text, nullable=False),
    Index(None, "document_id"),
)

loose = Table(
    "loose",
    metadata,
    Column("document_id", Text, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Text, nullable=False, comment="of the rules by which it was read"),
    Column("data", JSONB, nullable=False, comment="insights.placing.Loose: what a paper says of whose it may be"),
)

assignment = Table(
    "assignment",
    metadata,
    Column("document_id", Text, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("relationship_id", Text, comment="to which a person assigned it; null: to none"),
    Column("at", DateTime(timezone=True), nullable=False),
)

insight = Table(
    "insight",
    metadata,
    Column("id", Text, primary_key=True),
    Column("relationship_id", Text, ForeignKey("relationship.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", DateTime(timezone=True), comment="null sorts first: undated evidence"),
    Column("due", Date, comment="last day of a commitment's first due"),
    Column("confidence", Float, nullable=False),
    Column("data", JSONB, nullable=False, comment="the value, by kind: insights.insight"),
    Column("corrections", ARRAY(BigInteger), nullable=False, server_default="{}", comment="those that hold for it"),
    Index(None, "relationship_id", "at", "id"),
    Index(None, "kind", "at"),
)

overruled = Table(
    "overruled",
    metadata,
    Column("id", Text, primary_key=True, comment="of an insight that people left otherwise than it was derived"),
    Column("relationship_id", Text, ForeignKey("relationship.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", JSONB, nullable=False, comment="the value as it was derived"),
    Index(None, "relationship_id"),
)

correction = Table(
    "correction",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("insight_id", Text, nullable=False),
    Column("relationship_id", Text, nullable=False, comment="as it was called when the person spoke"),
    Column("kind", Text, nullable=False),
    Column("document_id", Text, ForeignKey("document.id", ondelete="CASCADE"), comment="that holds the first evidence"),
    Column("said", JSONB, nullable=False, comment="insights.corrections.Said"),
    Column("found", JSONB, nullable=False, comment="the insight as the models had it"),
    Column("target", JSONB, comment="merge: the one that stays, as the models had it"),
    Column("beside", ARRAY(Text), nullable=False, comment="ids of others that rested on the same documents"),
    Column("seen", DateTime(timezone=True), comment="time of the last letter that there was"),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index(None, "relationship_id"),
    Index(None, "insight_id"),
    Index(None, "document_id"),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False, comment="BLAKE2b-256 of the secret"),
    Column("scopes", ARRAY(Text), nullable=False, comment="store.keys.Scope"),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("last_used", DateTime(timezone=True)),
    Column("revoked", DateTime(timezone=True)),
)

session = Table(
    "session",
    metadata,
    Column("hash", LargeBinary, primary_key=True, comment="BLAKE2b-256 of what the cookie holds"),
    Column("key_id", Text, ForeignKey("api_key.id", ondelete="CASCADE"), nullable=False),
    Column("expires", DateTime(timezone=True), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("caller", Text, nullable=False),
    Column("action", Text, nullable=False, comment="store.audit.Action"),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Index(None, "at"),
)

_FOLLOWS = "from which it follows; a contract's days have ids of their own"
_ASKED = ["kind", "since", "until", "due", "confidence", "side"]  # the indexes hold what the portfolio asks for
concern = Table(
    "concern",
    metadata,
    Column("relationship_id", Text, ForeignKey("relationship.id", ondelete="CASCADE"), nullable=False),
    Column("insight_id", Text, nullable=False, comment=_FOLLOWS),
    Column("kind", Text, nullable=False, comment="insights.attention.ReasonKind or Tally"),
    Column("side", Text, comment="whose turn it is"),
    Column("since", Date, nullable=False, comment="the first day on which it holds"),
    Column("until", Date, comment="the first day on which it holds no more"),
    Column("due", Date),
    Column("told", Date, nullable=False, comment="from which it grows old: the later of since and due"),
    Column("confidence", Float, nullable=False, server_default="1"),
    Column("data", JSONB, comment="insights.attention.ReasonToAct; null: only counted"),
    Index(None, "relationship_id", postgresql_include=_ASKED),
    Index(None, "told", postgresql_include=["relationship_id", *_ASKED[:-1]]),
)

voice = Table(
    "voice",
    metadata,
    Column("relationship_id", Text, ForeignKey("relationship.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("data", JSONB, nullable=False, comment="insights.voices.VoiceMonth"),
)

account = Table(
    "account",
    metadata,
    Column("external_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("domains", ARRAY(Text), nullable=False),
    Column("kind", Text),
    Column("owner", Text),
)

study = Table(
    "study",
    metadata,
    Column("day", Date, primary_key=True, comment="as of which it is"),
    Column("state", Text, nullable=False, comment="of the insights, rules and policy that it rests on"),
    Column("made", DateTime(timezone=True), nullable=False),
    Column("data", JSONB, nullable=False, comment="insights.practices.findings.Study"),
)

erasure = Table(
    "erasure",
    metadata,
    Column("id", Text, primary_key=True),
    Column("what", Text, nullable=False, comment="person | relationship | retention"),
    Column("subject", LargeBinary, comment="who, as a tombstone; null: retention"),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("finished", DateTime(timezone=True), comment="null: under way, or killed"),
    Column("counts", JSONB, nullable=False, comment="rows and files by what they were"),
    Column("digest", Text, comment="of the ids of all documents that were erased"),
    Column("key", LargeBinary, comment="the secret of its tombstones"),
)

tombstone = Table(
    "tombstone",
    metadata,
    Column("hash", LargeBinary, primary_key=True, comment="store.tombstones"),
    Column("erasure_id", Text, ForeignKey("erasure.id", ondelete="CASCADE"), primary_key=True),
    Column("until", DateTime(timezone=True), comment="later documents are not meant; null: whenever"),
)

hold = Table(
    "hold",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("kind", Text, nullable=False, comment="person | relationship"),
    Column("name", Text, nullable=False, comment="an address, or the relationship's id"),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("kind", "name"),
)

setting = Table(
    "setting",
    metadata,
    Column(
        "name",
        Text,
        primary_key=True,
        comment="stale, own_domains, version: see store.read",
    ),
    Column("value", JSONB, nullable=False),
)
