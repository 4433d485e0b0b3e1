"""Repeats the campaigns of docs/reliability.md and makes their tables; `./dev campaign` calls it.

    ./dev campaign                    every chapter, one after the other: about three hours
    ./dev campaign kills fuzzing      only these chapters
    ./dev campaign --quick            a little of each: a few minutes
    ./dev campaign --write            and write the tables into docs/reliability.md
    ./dev campaign --told --write     run nothing: make the tables from the last output

A chapter runs a command of ./dev, keeps its output in build/campaign/CHAPTER.txt, and makes its
table of that.
"""

import argparse
import importlib
import os
import subprocess
import sys
import time

import tables

CHAPTERS = ["simulation", "rot", "planted", "kills", "damage", "fleet", "late", "soak", "hostile", "fuzzing", "sustained"]
PAGE = tables.Page("reliability.md", "campaign")
KEPT = tables.ROOT / "build" / "campaign"
TOLD_AT_THE_END = "ended with "


def run(name, command, is_quick, log):
    """Runs the command in a shell, shows and keeps its output (and its log, if there is one); the circumstances come first,
    the outcome last."""
    KEPT.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with open(KEPT / f"{name}.partial", "w") as kept:
        print(f"{command}\n{tables.circumstances(is_quick)}", file=kept, flush=True)
        process = subprocess.Popen(command, shell=True, cwd=tables.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        for line in process.stdout:
            sys.stderr.write(line)
            kept.write(line)
        code = process.wait()
        if log:
            kept.write((tables.ROOT / log).read_text(errors="replace"))
        print(f"{TOLD_AT_THE_END}{code} after {time.monotonic() - begin:.0f} s", file=kept)
    os.replace(KEPT / f"{name}.partial", KEPT / f"{name}.txt")


def tell(name, module):
    """The table of a chapter, from the output of its command, and whether all was well."""
    try:
        command, circumstances, *printed, end = (KEPT / f"{name}.txt").read_text().splitlines()
    except FileNotFoundError:
        raise SystemExit(f"campaign: {name} was not run yet") from None
    chapter = tables.Chapter(name, header=module.HEADER)
    is_well = module.tell(chapter, printed) and end.startswith(TOLD_AT_THE_END + "0 ")
    if not is_well:
        chapter.notes.append(f"**Not all was well**: the command {end}.")
    seconds = int(end.split()[-2])
    took = f"{seconds} s" if seconds < 300 else f"{seconds / 60:.0f} minutes"
    return f"{chapter.markdown()}\n\n`{command}`: {circumstances} It took {took}.", is_well


def main():
    parser = argparse.ArgumentParser(prog="./dev campaign", description="Does again what docs/reliability.md tells of.")
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help=f"of {', '.join(CHAPTERS)}; all if none is named")
    parser.add_argument("--quick", action="store_true", help="a little of each")
    parser.add_argument("--told", action="store_true", help="run nothing: tables of what was printed last")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/reliability.md")
    options = parser.parse_args()
    if unknown := set(options.chapters) - set(CHAPTERS):
        parser.error(f"there is no chapter {', '.join(sorted(unknown))}; there are {', '.join(CHAPTERS)}")

    broken = []
    for name in options.chapters or CHAPTERS:
        module = importlib.import_module(f"campaigns.{name}")
        if not options.told:
            run(name, module.QUICK if options.quick else module.COMMAND, options.quick, getattr(module, "LOG", None))
        text, is_well = tell(name, module)
        print(f"\n{name}\n\n{text}", flush=True)
        if not is_well:
            broken.append(name)
        if options.write:
            PAGE.write(name, text)
    if broken:
        raise SystemExit(f"campaign: not all was well in {', '.join(broken)}")


main()
