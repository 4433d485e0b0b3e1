"""Runs stages side by side, repeats failed cases, and counts results."""
