"""Which clauses of the contract windows.sql does not follow, measured with the golden cases: the table of docs/parity.md."""

import gzip
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.append(str(ROOT / "contract/reference"))

import tidemark_reference as reference  # noqa: E402

GOLDEN = ROOT / "contract/golden"
HEAD = "| clause | golden cases | measured |\n|---|---|---|"


def clauses():
    """Golden case → the number of its first clause, as the contract's brackets say."""
    found = {}
    for number, text in re.findall(r"^\*(?:\*|)(\d\.\d+)(.*?)(?=^\*|^## |\Z)", (ROOT / "contract/semantics.md").read_text(), re.M | re.S):
        for names in re.findall(r"`\[([^]]*)\]`", text):
            for name in re.split(r",\s*", names):
                found.setdefault(name.strip(), number)
    return found


def measured(case, folder):
    """None if the case's finals are the contract's, else what came instead."""
    flags = reference.arguments().parse_args(shlex.split((case / "options").read_text()) if (case / "options").exists() else [])
    files = sorted(case.glob("arrivals*"))
    if flags.sort or flags.keep_open or len(files) != 1 or not re.search(r"\.jsonl(\.gz)?$", files[0].name):
        return "not run: one file of JSON lines in the order of arrival, closed at its end"
    want = sorted(line for line in (case / "trends.jsonl").read_bytes().splitlines() if b'"status":"final"' in line)
    file, out = folder / "arrivals.jsonl", folder / f"{case.name}.out"
    file.write_bytes(gzip.decompress(files[0].read_bytes()) if files[0].suffix == ".gz" else files[0].read_bytes())
    seconds = [str(value) for value in (flags.size, flags.slide, flags.delay)]
    done = subprocess.run([sys.executable, "-B", HERE / "duckdb_windows.py", file, out, *seconds], capture_output=True, text=True, check=False)
    if done.returncode:
        return "an error: " + re.sub(r"\s+", " ", done.stderr.strip().splitlines()[-1] if "Error:" not in done.stderr else
                                     re.search(r"(\w+ Error: [^\n!.]*)", done.stderr)[1])[:90].replace("|", "/")
    got = sorted(out.read_bytes().splitlines())
    wrong = len(set(want) ^ set(got)) or abs(len(want) - len(got))
    return f"{wrong} rows too many or missing, of {len(want)}" if wrong else None


def table(folder):
    """(lines of the table, how many cases hold, how many there are)."""
    of, lines, held = clauses(), {}, 0
    cases = sorted(path for path in GOLDEN.iterdir() if (path / "why.md").exists())
    for case in cases:
        found = measured(case, folder)
        if found is None:
            held += 1
        else:
            lines.setdefault((of.get(case.name, "–"), found if found.startswith("not run") else ""), []).append((case.name, found))
    made = []
    for (clause, same), found in sorted(lines.items(), key=lambda item: ([int(part) for part in re.findall(r"\d+", item[0][0])], item[0])):
        names = ", ".join(f"`{name}`" for name, _ in found)
        made.append(f"| {clause} | {names} | {same or '; '.join(dict.fromkeys(text for _, text in found))} |")
    return made, held, len(cases)
