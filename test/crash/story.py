"""Many lives on one data directory after the other, and what each was at when it was cut short."""

import evidence
from life import Life, Moments


class Story:
    """Many lives on one data directory after the other, until enough of them were cut short."""

    def __init__(self, chance, longest, words):
        self.moments = Moments(chance, longest)
        self.words = words
        self.kills = self.in_publication = self.in_compaction = self.compactions = self.in_trimming = 0

    def lives(self, data, kills):
        """Kills until that many are dead in all, or one came to its end. True: it came to its end."""
        while self.kills < kills:
            if self.life(data):
                return True
        return False

    def life(self, data):
        """One life, killed at some moment. True: it came to its end before."""
        trimmed = evidence.trimmed(data)
        with Life(data, *self.words) as one:
            moment = self.moments.wait(one)
            if not one.kill():
                one.wait_for_end()
                return True
            self.count(one, moment, evidence.trimmed(data) > trimmed)
        return False

    def count(self, one, moment, has_trimmed):
        """What the life was at when it was cut short."""
        self.kills += 1
        self.compactions += one.journal().count("lake.compacted")
        self.in_trimming += has_trimmed
        caught = [what for what, is_so in (("published", evidence.was_publishing(one.data)), ("compacted", evidence.was_compacting(one.data))) if is_so]
        self.in_publication += "published" in caught
        self.in_compaction += "compacted" in caught
        print(f"# killed: {moment}{', while it ' if caught else ''}{' and '.join(caught)}", flush=True)

    def summary(self):
        return (f"# {self.kills} kills: {self.in_publication} while it published, {self.in_compaction} while it compacted, "
                f"{self.in_trimming} in a life that trimmed; {self.compactions} days compacted in these lives")
