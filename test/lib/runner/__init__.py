"""Runs stages side by side, repeats what failed, and counts."""
