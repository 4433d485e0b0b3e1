"""The runner of test/stages: runs stages side by side, repeats what failed, and counts."""
