"""Many lives on a series of data directories, and what each was doing when it was killed."""

import evidence
from life import Life, days_in_the_making


class Story:
    """Runs many lives on a series of data directories, until enough of them were killed."""

    def __init__(self, moments, words):
        self.moments = moments
        self.words = words
        self.trimmed = {}  # data directory → records that had left its log when it was last killed
        self.kills = self.in_publication = self.in_compaction = self.compactions = self.in_trimming = 0

    def lives(self, data, kills):
        """Kills until that many are dead in all, or one has reached its end. True if one has."""
        while self.kills < kills:
            if self.life(data):
                return True
        return False

    def life(self, data):
        """One life, killed at some moment. True if it reached its end before."""
        with Life(data, *self.words) as one:
            moment = self.moments.wait(one)
            if not one.kill():
                one.wait_for_end()
                return True
            self.count(one, moment)
        return False

    def count(self, one, moment):
        """What the life was doing when it was killed."""
        published, trimmed = evidence.left_behind(one.data)
        compacted = "run.started" in one.journal() and bool(days_in_the_making(one.data))  # else it is from a previous life
        self.kills += 1
        self.in_publication += published
        self.in_compaction += compacted
        self.in_trimming += trimmed > self.trimmed.get(one.data, 0)
        self.trimmed[one.data] = trimmed
        self.compactions += one.journal().count("lake.compacted")
        caught = " and ".join(what for what, is_so in (("published", published), ("compacted", compacted)) if is_so)
        print(f"# killed: {moment}{', while it ' if caught else ''}{caught}", flush=True)

    def summary(self):
        return (f"# {self.kills} kills: {self.in_publication} while it published, {self.in_compaction} while it compacted, "
                f"{self.in_trimming} in a life that trimmed; {self.compactions} days compacted in these lives")
