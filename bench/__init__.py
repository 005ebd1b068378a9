"""Measured claims, each with one command: `python -m bench.<name>`. README.md lists them with the last figures."""
