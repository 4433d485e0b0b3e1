"""Parses the command line, runs the chapters and prints the tables; --write puts them into docs/performance.md."""

import argparse
import importlib
import os
import time

import tables

CHAPTERS = ["filter", "engine", "page", "packing", "latency", "log", "checksums", "lake", "load", "sustained", "import", "restate", "alpaca", "dashboard"]
BY_NAME = ["hardening", "hdfs"]  # run only by name: one wants a second build, the other a Hive
PAGE = tables.Page("performance.md", "bench")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures what docs/performance.md tells.")
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help=f"of {', '.join(CHAPTERS)}; all if none is named. Only when named: {', '.join(BY_NAME)}")
    parser.add_argument("--quick", action="store_true", help="smaller inputs, fewer rounds")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    parser.add_argument("--sustained-seconds", type=int, default=60, metavar="N", help="how long the bars of sustained keep coming; 60 unless told")
    parser.add_argument("--spark", action="store_true", help="measure Spark, too")
    options = parser.parse_args()
    if unknown := set(options.chapters) - {*CHAPTERS, *BY_NAME}:
        parser.error(f"there is no chapter {', '.join(sorted(unknown))}; there are {', '.join(CHAPTERS + BY_NAME)}")
    options.tidemark, options.benchmarks = os.environ["TIDEMARK"], os.environ["BENCHMARKS"]

    begin = time.monotonic()
    for name in options.chapters or CHAPTERS:
        chapter = tables.Chapter(name)
        importlib.import_module(f"chapters.{name}").measure_into(chapter, options)
        print(f"\n{name}\n\n{chapter.markdown()}", flush=True)
        if options.write:
            PAGE.write(name, f"{chapter.markdown()}\n\n{tables.circumstances(options.quick)}")
    print(f"\n{tables.circumstances(options.quick)} It took {time.monotonic() - begin:.0f} s.")


main()
