"""Keeps documents, findings and insights in PostgreSQL, raw bytes beside it. Knows the types, never the models."""
