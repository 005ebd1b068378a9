"""Reads bytes: archives, messages, whose words are whose, threads and people. Plain functions from values to values."""
