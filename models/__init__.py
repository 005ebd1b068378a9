"""Trained weights and the recipe that makes them."""
