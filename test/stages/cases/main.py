"""Runs every case of this folder, and those of ../shared/data/cases if they exist."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from decimal import Decimal

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
sys.path.insert(0, str(HERE.parents[1] / "lib"))
import harness  # noqa: E402
import inputs  # noqa: E402
import lakes  # noqa: E402
import shared  # noqa: E402
import story  # noqa: E402

TIDEMARK = pathlib.Path(os.environ["TIDEMARK"]).resolve()
VENDORS = story.vendors(REPOSITORY / "docs" / "import.md")


def contains(found, wanted):
    """Compares only the wanted members of objects; lists must have equal lengths."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(key in found and contains(found[key], value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(contains, found, wanted))
    return found == wanted


def json_lines(text):
    rows = []
    for line in text.splitlines():
        if line.startswith("{"):
            rows.append(json.loads(line, parse_float=Decimal))
    return rows


def execute(folder, command):
    tools = folder.parent / "tools"
    tools.mkdir(exist_ok=True)
    if not (tools / "tidemark").exists():
        (tools / "tidemark").symlink_to(TIDEMARK)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TIDEMARK")}
    environment |= {"PATH": f"{tools}:{os.environ['PATH']}", "TIDEMARK_DATA": "data", "LC_ALL": "C.UTF-8"}
    return subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True, timeout=120)


def check_run(folder, section):
    command = section.words
    if command.startswith("docs "):
        vendor = command.removeprefix("docs ").strip()
        assert vendor in VENDORS, f"docs/import.md has no row for {vendor}"
        command = VENDORS[vendor]
    ended = execute(folder, command)
    out, err = ended.stdout.decode(errors="surrogateescape"), ended.stderr.decode(errors="surrogateescape")
    code, told = 0, f"$ {command}\n{out}{err}(exit code {ended.returncode})"
    for line in filter(None, map(str.strip, section.body.splitlines())):
        what, _, wanted = line.partition(" ")
        if what == "exit":
            code = int(wanted)
        elif what == "says":
            assert wanted in err, f"{told}\nshould say: {wanted}"
        elif what == "prints":
            assert wanted in out, f"{told}\nshould print: {wanted}"
        elif what == "lacks":
            assert wanted not in out + err, f"{told}\nshould lack: {wanted}"
        elif what == "row":
            assert any(contains(row, json.loads(wanted, parse_float=Decimal)) for row in json_lines(out)), f"{told}\nshould have the row: {wanted}"
        elif what == "rows":
            count, _, members = wanted.partition(" ")
            rows = [row for row in json_lines(out) if contains(row, json.loads(members or "{}", parse_float=Decimal))]
            assert len(rows) == int(count), f"{told}\nshould have {wanted}, has {len(rows)}"
        else:
            raise ValueError(f"no expectation is called {what}")
    assert ended.returncode == code, f"{told}\nshould end with {code}"
    steering = [byte for byte in ended.stderr if byte < 32 and byte != 10 or byte == 127]
    assert not steering, f"{told}\nbytes that steer a terminal: {steering}"


def wanted_bar(line):
    symbol, time, *numbers = line.split()
    named = dict(word.split("=", 1) for word in numbers if "=" in word)
    open_, high, low, close, volume = (Decimal(word) for word in numbers if "=" not in word)
    vwap, trades = named.get("vwap"), named.get("trades")
    return (symbol, time), (open_, high, low, close, volume, vwap and Decimal(vwap), trades and int(trades), named.get("feed"))


def bars_of(lake):
    found = {}
    for row in lakes.latest_bars(lake) if (lake / "bars").is_dir() else []:
        time = f"{row['timestamp']:%Y-%m-%dT%H:%M:%S}Z"
        found[row["symbol"], time] = tuple(row[name] for name in ("open", "high", "low", "close", "volume", "vwap", "trade_count", "feed"))
    return found


def check_bars(folder, section):
    found, wanted = bars_of(folder / "data" / "lake"), {}
    for line in filter(None, map(str.strip, section.body.splitlines())):
        key, bar = wanted_bar(line)
        wanted[key] = bar
    assert bool(wanted) != (section.words == "none"), "say which bars, or none"
    for key in sorted(found.keys() | wanted.keys()):
        assert found.get(key) == wanted.get(key), f"{key}\n  is        {found.get(key)}\n  should be {wanted.get(key)}"


def check(case):
    with tempfile.TemporaryDirectory(prefix="tidemark-case-") as scratch:
        folder = pathlib.Path(scratch) / "case"
        folder.mkdir()
        for section in case.sections:
            if section.what == "file":
                inputs.write(folder, section.words, section.body)
            elif section.what == "run":
                check_run(folder, section)
            else:
                check_bars(folder, section)


def check_vendors(cases):
    told = {section.words.removeprefix("docs ").strip() for case in cases for section in case.sections if section.what == "run" and section.words.startswith("docs ")}
    assert VENDORS and told == VENDORS.keys(), f"rows without a case: {sorted(VENDORS.keys() - told)}; cases without a row: {sorted(told - VENDORS.keys())}"


def main(chosen):
    cases = [story.read(path, HERE) for path in sorted(HERE.glob("*/*.case"))]
    picked = [case for case in cases if not chosen or any(case.name.startswith(word) for word in chosen)]
    for case in picked:
        harness.tell(f"{case.name}: {case.sentence}", check, case)
    if not chosen:
        harness.tell("vendors: every row of the table in docs/import.md has a case", check_vendors, cases)
    others = list(shared.checks(TIDEMARK, chosen, bars_of))
    for name, sentence, run in others:
        harness.tell(f"{name}: {sentence}", run)
    if not picked and not others:
        sys.exit(f"no case begins with {' or '.join(chosen)}")


if __name__ == "__main__":
    main(sys.argv[1:])
    harness.end()
