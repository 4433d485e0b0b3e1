"""Repeats the campaigns of docs/reliability.md and makes their tables; `./dev campaign` calls it.

    ./dev campaign                    every chapter, one after the other: about six hours
    ./dev campaign kills fuzzing      only these
    ./dev campaign --resume           only what is missing, failed, or was of other sources
    ./dev campaign --quick            a little of each: a few minutes
    ./dev campaign --write            and write the tables into docs/reliability.md
    ./dev campaign --told --write     run nothing: make the tables from the last output

A chapter runs a command of ./dev that a person could run, keeps what it printed in build/campaign/CHAPTER.txt, and makes its
table of that. A long chapter runs its command several times, with other seeds, and keeps each part in CHAPTER.N.txt: with
--resume a campaign that was broken off goes on behind the last part that ended.
"""

import argparse
import importlib
import subprocess
import sys
import time

import tables
from kept import Kept

CHAPTERS = ["simulation", "rot", "planted", "kills", "damage", "fleet", "late", "hive", "soak", "hostile", "requests", "fuzzing", "sustained"]
PAGE = tables.Page("reliability.md", "campaign")


def run(kept, command, is_quick, log):
    """Runs the command in a shell, shows and keeps what it prints (and its log, if it keeps one); first the circumstances,
    last how it ended."""
    begin = time.monotonic()
    with kept.begin(command, tables.circumstances(is_quick)) as file:
        process = subprocess.Popen(command, shell=True, cwd=tables.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        for line in process.stdout:
            sys.stderr.write(line)
            file.write(line)
        code = process.wait()
        if log:
            file.write((tables.ROOT / log).read_text(errors="replace"))
        kept.end(file, code, time.monotonic() - begin)


def run_chapter(name, module, is_quick, resumes):
    parts = 1 if is_quick else getattr(module, "PARTS", 1)
    command = module.QUICK if is_quick else module.COMMAND
    all_kept = [Kept(name, number, parts) for number in range(1, parts + 1)]
    if resumes and (broken := command_for_broken(name, module)):
        return run(again_of(name), broken, is_quick, getattr(module, "LOG", None))
    if resumes and kept_of(name, module) and tell(name, module)[1] and all(one.counts_still() for one in kept_of(name, module)):
        return print(f"campaign: {name} is as it was", file=sys.stderr)
    for one in all_kept:
        if resumes and one.counts_still(command):
            print(f"campaign: {name}, part {one.number} of {parts} is as it was", file=sys.stderr)
            continue
        one.forget_others()
        run(one, command, is_quick, getattr(module, "LOG", None))
    return None


def again_of(name):
    return Kept(f"{name}-again", 1, 1)


def command_for_broken(name, module):
    """What --resume runs of a chapter that can repeat the part of it that was broken, and be told with the rest."""
    kept = kept_of(name, module)
    return module.rerun([line for one in kept for line in one.printed()]) if kept and hasattr(module, "rerun") else None


def kept_of(name, module):
    """What is there of the chapter: the parts, or one run of it as a whole."""
    parts = getattr(module, "PARTS", 1)
    found = [kept for kept in (Kept(name, number, parts) for number in range(1, parts + 1)) if kept.exists()] if parts > 1 else []
    whole, again = Kept(name, 1, 1), again_of(name)
    if not found and whole.exists() and again.exists() and again.path.stat().st_mtime > whole.path.stat().st_mtime:
        return [whole, again]
    return found or ([whole] if whole.exists() else [])


def tell(name, module):
    """The table of what a chapter's command has printed, and whether all was well."""
    all_kept = kept_of(name, module)
    if not all_kept:
        raise SystemExit(f"campaign: {name} was not run yet")
    chapter = tables.Chapter(name, header=module.HEADER)
    is_well = module.tell(chapter, [line for kept in all_kept for line in kept.printed()])
    decide = all_kept
    if all_kept[-1].chapter != name:  # what was broken has run again
        decide = [again := all_kept.pop()]
        chapter.notes.append(f"{module.faults_of(all_kept[0].printed())} Mended; then `{again.command()}`: {again.circumstances()}")
    for kept in decide:
        if not kept.ended_well():
            chapter.notes.append(f"**Not all was well**: the command {kept.told_end()}.")
            is_well = False
    if len(all_kept) < all_kept[0].parts:
        chapter.notes.append(f"**Not whole**: {len(all_kept)} of {all_kept[0].parts} parts have run.")
        is_well = False
    if not is_well and not chapter.notes:
        chapter.notes.append("**Not all was well**.")
    seconds = sum(kept.seconds() for kept in all_kept)
    took = f"{seconds} s" if seconds < 300 else f"{seconds / 60:.0f} minutes"
    times = f", {len(all_kept)} times" if len(all_kept) > 1 else ""
    return f"{chapter.markdown()}\n\n`{all_kept[0].command()}`{times}: {all_kept[-1].circumstances()} It took {took}.", is_well


def main():
    parser = argparse.ArgumentParser(prog="./dev campaign", description="Does again what docs/reliability.md tells of.")
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help=f"of {', '.join(CHAPTERS)}; all if none is named")
    parser.add_argument("--quick", action="store_true", help="a little of each")
    parser.add_argument("--resume", action="store_true", help="only what is missing, failed, or was of other sources than these")
    parser.add_argument("--told", action="store_true", help="run nothing: tables of what was printed last")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/reliability.md")
    options = parser.parse_args()
    if unknown := set(options.chapters) - set(CHAPTERS):
        parser.error(f"there is no chapter {', '.join(sorted(unknown))}; there are {', '.join(CHAPTERS)}")

    broken = []
    for name in options.chapters or CHAPTERS:
        module = importlib.import_module(f"campaigns.{name}")
        if not options.told:
            run_chapter(name, module, options.quick, options.resume)
        text, is_well = tell(name, module)
        print(f"\n{name}\n\n{text}", flush=True)
        if not is_well:
            broken.append(name)
        if options.write:
            PAGE.write(name, text)
    if broken:
        raise SystemExit(f"campaign: not all was well in {', '.join(broken)}")


main()
