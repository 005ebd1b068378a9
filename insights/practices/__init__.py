"""Practices: what the correspondence with all counterparties tells of how a house works (docs/practices.md).

    dossiers ──► cases, windows, terms ──► contrasts ──► chance ──► Study ──► sentences
     insights     what is counted           what is       p and      patterns,
     of each      and how it came out       compared      interval   figures, silences

A pattern is a difference that chance does not explain; a finding, as everywhere, is what the models say of a sentence.
"""
