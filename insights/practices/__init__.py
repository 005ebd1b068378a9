"""Practices: what the correspondence with all counterparties tells of how a house works (docs/practices.md).

dossiers ──► cases, windows, terms ──► contrasts ──► chance ──► Study ──► sentences
 insights     what is counted           what is       p and      findings,
 of each      and how it came out       compared      interval   figures, silences
"""
