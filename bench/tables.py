"""The tables: rows of what, target, measured, how. They are printed and written into a page of docs."""

import pathlib
import subprocess
import time
from dataclasses import dataclass, field

import measure

ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclass
class Page:
    """A page with markers for the tables of a verb of ./dev."""

    file: str
    verb: str

    def write(self, name, text):
        """Replaces the text between the markers of this name, which the page must have."""
        path = ROOT / "docs" / self.file
        begin, end = f"<!-- {name}: written by ./dev {self.verb} --write -->", f"<!-- /{name} -->"
        head, rest = path.read_text().split(begin, 1)
        tail = rest.split(end, 1)[1]
        path.write_text(f"{head}{begin}\n\n{text}\n\n{end}{tail}")


@dataclass
class Chapter:
    name: str  # on the command line and in the markers of the page
    header: tuple = ("what", "target", "measured", "how")
    rows: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def row(self, *cells):
        self.rows.append(cells)

    def markdown(self):
        lines = ["| " + " | ".join(self.header) + " |", "|" + "---|" * len(self.header)]
        lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in self.rows]
        for note in self.notes:
            lines += ["", note]
        return "\n".join(lines)


def millions(number):
    if number < 95e3:
        return f"{number / 1e3:.0f} k"
    return f"{number / 1e6:.2f} M" if number < 9.95e6 else f"{number / 1e6:.1f} M"


def target(text, met):
    """A target and whether it was reached."""
    return f"{text} {'✓' if met else '✗'}"


def circumstances(quick):
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    changed = subprocess.run(["git", "status", "--porcelain", "--untracked-files=no", "src"], cwd=ROOT, capture_output=True, text=True).stdout
    with open("/proc/loadavg") as file:
        load = file.read().split()[1]
    return (
        f"{time.strftime('%Y-%m-%d', time.gmtime())}, commit {commit or 'unknown'}{' and changes since' if changed else ''}, "
        f"{measure.machine()}, fdatasync of 4 kB {measure.fsync_ms('.'):.1f} ms, load of the machine meanwhile {load}"
        f"{', quick' if quick else ''}."
    )

