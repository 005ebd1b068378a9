"""The recipe: `python -m models.train` rebuilds the shipped weights."""
