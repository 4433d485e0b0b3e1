"""Rows of an engine: lines of JSON in files, counted and compared without holding them in memory.

Lines are compared by the hashes of their bytes. Where some differ, these lines alone are compared number by number and text by text.
"""

import collections
import json

MOST_ODD = 200_000  # lines that are compared one by one


class Rows:
    """The lines of several files, without their LF."""

    def __init__(self, *paths):
        self.paths, self.count = paths, None

    def __iter__(self):
        for path in self.paths:
            with open(path, "rb") as file:
                for line in file:
                    yield line[:-1] if line.endswith(b"\n") else line

    def __len__(self):
        if self.count is None:
            self.count = sum(1 for _ in self)
        return self.count


def hashes(rows):
    return collections.Counter(map(hash, rows))


def differing(wanted, found, as_doubles=False, once=False):
    """(rows that differ, are missing or too many; the first of them as a text). With `once`, a row that is equal to one before it does not count:
    its writer delivers at least once. `as_doubles`: numbers are compared as the doubles that a lake holds."""
    if not as_doubles:
        want, got = hashes(wanted), hashes(found)
        if once:
            got = collections.Counter(dict.fromkeys(got, 1))
        if want == got:
            return 0, ""
        odd = {each for each in want.keys() | got.keys() if want[each] != got[each]}
        if len(odd) > MOST_ODD:
            return len(odd), f"{len(odd):,} lines are other ones"
        wanted, found = ([row for row in rows if hash(row) in odd] for rows in (wanted, found))
    return differing_values(wanted, found, as_doubles)


def differing_values(wanted, found, as_doubles):
    """Keys are symbol and window_start."""

    def keyed(lines):
        counts, by_key = collections.Counter(), {}
        for line in lines:
            row = json.loads(line, parse_float=float if as_doubles else str)
            row.pop("status", None)
            if as_doubles:
                row = {name: float(value) if isinstance(value, int) else value for name, value in row.items()}
            key = row["symbol"], row["window_start"]
            counts[key] += 1
            by_key[key] = row
        return by_key, [key for key, count in counts.items() if count > 1]

    want, _ = keyed(wanted)
    got, doubled = keyed(found)
    wrong = [key for key in want.keys() | got.keys() if want.get(key) != got.get(key)] + doubled
    return len(wrong), f"{sorted(wrong)[0]}: {want.get(sorted(wrong)[0])} / {got.get(sorted(wrong)[0])}" if wrong else ""
