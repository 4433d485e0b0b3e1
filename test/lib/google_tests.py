"""Runs GoogleTest's cases as cases of a stage: those that need a server which the stage has started."""

import os
import pathlib
import re
import subprocess

import harness

TESTS = pathlib.Path(__file__).resolve().parents[2] / "build/release/tidemark_tests"
PATIENCE = 900  # seconds for all of them


def chosen(tests, where="", environment=None):
    """Full names of the tests that match the filter and are chosen. `where` goes behind each name."""
    listed = subprocess.run([TESTS, f"--gtest_filter={tests}", "--gtest_list_tests"], env=os.environ | (environment or {}),
                            capture_output=True, text=True, check=True).stdout
    return [name for name in names_of(listed) if harness.is_chosen(name + where)]


def run(names, environment, where=""):
    """Prints a line a test. True: all have passed. A skipped test is only mentioned."""
    try:
        told = subprocess.run([TESTS, f"--gtest_filter={':'.join(names)}"], env=os.environ | environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)
        printed, code = told.stdout, told.returncode
    except subprocess.TimeoutExpired as hung:  # its output still says in which test
        printed, code = (hung.stdout or b"").decode(errors="replace"), 1
    begun = None
    for line in printed.splitlines():
        if found := re.match(r"\[ RUN      \] (\S+)", line):
            begun = found[1]
        elif found := re.match(r"\[ +(OK|FAILED|SKIPPED) +\] ([^ ,]+).*\(\d+ ms\)", line):
            begun = None
            print({"OK": "ok -", "FAILED": "not ok -", "SKIPPED": "#"}[found[1]], found[2] + where, flush=True)
        else:
            print(line)
    if begun:
        print(f"{begun} ended the program, or did not end\nnot ok - {begun}{where}", flush=True)
    return code == 0


def names_of(listed):
    """GoogleTest lists a suite, and its tests below it; a # begins an explanation."""
    suite = ""
    for line in listed.splitlines():
        name = line.split("#")[0].rstrip()
        if name.startswith(" "):
            yield suite + name.strip()
        elif name.endswith("."):
            suite = name
