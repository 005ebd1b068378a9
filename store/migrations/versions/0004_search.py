"""Search: the words of every document in one index, each in its own language's forms."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    op.execute(
        "CREATE FUNCTION document_words(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        " RETURN CASE language WHEN 'fi' THEN 'finnish'::regconfig ELSE 'english'::regconfig END"
    )
    op.execute(
        "CREATE FUNCTION document_words(language text, subject text, data jsonb, body text) RETURNS tsvector"
        " LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN to_tsvector(document_words(language),"
        " concat_ws(E'\\n', subject, translate(data ->> 'file', '_.', '  '), left(body, 200000)))"
    )
    op.execute("CREATE INDEX document_words_idx ON document USING gin (document_words(language, subject, data, text))")
