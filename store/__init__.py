"""Keeps documents, findings and insights in PostgreSQL, and raw bytes by hash beside it. Knows the types, never the models."""
