"""Understands sentences: what each does, when something is due, in which language. Plain functions and one model."""
