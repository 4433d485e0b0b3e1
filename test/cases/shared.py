"""The recorded cases of ../shared/data/cases, each with a check of its own: what comes of its commands, and which bars are in the lake."""

import os
import pathlib
import shutil
import subprocess
import tempfile
from decimal import Decimal

FOLDER = pathlib.Path(os.environ.get("TIDEMARK_SHARED") or pathlib.Path(__file__).resolve().parents[3] / "shared") / "data" / "cases"
CHECKS = {}


class Outcome:
    """What a case's commands said, and the lakes they left."""

    def __init__(self, text, root, name, bars_of):
        self.text, self.root, self.name, self.bars_of = text, root, name, bars_of
        self.codes = [int(line.rpartition("rc=")[2]) for line in text.splitlines() if "rc=" in line and line.rpartition("rc=")[2].isdigit()]

    def bars(self, which=""):
        return self.bars_of(self.root / f"{self.name}.data{which}" / "lake")

    def closes(self, symbol, which=""):
        return [bar[3] for (name, _), bar in sorted(self.bars(which).items()) if name == symbol]

    def times(self, symbol, which=""):
        return [time for name, time in sorted(self.bars(which)) if name == symbol]

    def has(self, *words):
        return all(word in self.text for word in words)


def case(name, sentence):
    def note(check):
        CHECKS[name] = sentence, check
        return check

    return note


def decimals(*texts):
    return [Decimal(text) for text in texts]


THREE = decimals("185.05", "185.10", "185.15")


@case("32-daily-beside-minutes", "a daily bar beside minutes is refused, and the trends are the minutes' own")
def _(outcome):
    assert outcome.codes == [0, 1] and outcome.has("every 1d", "every 1m", "--interval"), outcome.text
    assert outcome.closes("AAPL") == THREE and "00:00" not in str(outcome.times("AAPL")), outcome.text


@case("57-another-feed-over-the-lake", "a file of another feed than the lake's is refused")
def _(outcome):
    assert outcome.codes == [0, 1] and outcome.has("the feed iex", "the feed sip"), outcome.text
    assert {bar[7] for bar in outcome.bars().values()} == {"iex"}


def run_case(tidemark, name, check, bars_of):
    with tempfile.TemporaryDirectory(prefix="tidemark-shared-case-") as scratch:
        root = pathlib.Path(scratch)
        shutil.copytree(FOLDER / name, root / name)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TIDEMARK")}
        environment |= {"T": str(tidemark), "D": str(root / f"{name}.data"), "LC_ALL": "C.UTF-8"}
        ended = subprocess.run(["bash", "cmd"], cwd=root / name, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        check(Outcome(ended.stdout.decode(errors="replace"), root, name, bars_of))


def checks(tidemark, chosen, bars_of):
    """(name, sentence, function) of each; one that skips where they are not."""
    if not FOLDER.is_dir():
        yield "shared", "the recorded cases", lambda: "needs ../shared/data/cases"
        return
    for name, (sentence, check) in sorted(CHECKS.items()):
        if not chosen or any(f"shared/{name}".startswith(word) for word in chosen):
            yield f"shared/{name}", sentence, lambda name=name, check=check: run_case(tidemark, name, check, bars_of)
