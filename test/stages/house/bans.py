"""What the core and the loops may not do: time, chance, environment and files enter them only as data."""

import pathlib
import re
import typing

from borders import is_test
from tree import Finding, code_only, sources

# (layers, pattern of the banned code, reason)
BANS = [
    ({"core"}, r"\bnow\s*\(", "the core has no clock; take the time from the record"),
    ({"run"}, r"::now\s*\(", "ask the Clock that was passed in"),
    ({"core", "run"}, r"\b(clock_gettime|gettimeofday|localtime(_r)?|mktime)\b|\btime\s*\(\s*(nullptr|NULL|0|&)", "no clock here"),
    ({"core", "run"}, r"\bstd::(thread|jthread|async)\b|\bpthread_\w+|<(thread|future)>", "threads belong to the runner in app and io"),
    ({"core"}, r"\bstd::(mutex|shared_mutex|condition_variable|atomic)\b", "the core is single-threaded by design"),
    ({"core", "run"}, r"\b(sleep_for|sleep_until|usleep|nanosleep)\b|(?<![\w.>:])sleep\s*\(", "nothing sleeps here"),
    ({"core", "run"}, r"\brandom_device\b|\bdefault_random_engine\b|(?<![\w.>])s?rand\s*\(", "chance comes from a seed that was passed in"),
    ({"core", "run"}, r"\b(mt19937(_64)?|minstd_rand0?|ranlux\w+|knuth_b)\s+\w+\s*(;|\{\s*\})", "an engine without a seed"),
    ({"core", "run"}, r"\b\w+_distribution\b", "the standard's distributions differ between libraries; the same seed must give the same bars"),
    ({"core", "run"}, r"\b(secure_)?getenv\b|\bsetenv\b", "no environment here; options are passed in"),
    ({"core", "run"}, r"\bf(re)?open\b|\b[iof]?fstream\b|\bstd::filesystem\b|<filesystem>|(?<!\w)::open\s*\(", "no files here"),
    ({"core", "run"}, r"\bstd::(cout|cerr|clog|cin)\b|<iostream>|\bfmt::print(ln)?\b|(?<![\w:])f?printf\s*\(|\bstd::f?printf\b", "no output here; return the value"),
]

# A failed CHECK prints its message before it ends the program.
LAST_WORDS = "core/check.h"

# A drawer says nothing about what is in it.
DRAWERS = r"utils?|utility|utilities|commons?|helpers?|managers?|misc|stuff"
DRAWER_NAME = re.compile(rf"(^|[^a-z])({DRAWERS})([^a-z]|$)", re.IGNORECASE)
DRAWER_TYPE = re.compile(r"\b(?:class|struct|enum class|namespace)\s+(\w*(?:Util|Utils|Helper|Helpers|Manager|Common|Misc)|utils?|helpers?|common|misc)\b")


def forbidden(root: pathlib.Path) -> typing.Iterator[Finding]:
    for path, text in sources(root):
        if is_test(path):
            continue
        code = code_only(text)
        if str(path) == LAST_WORDS:
            code = code.replace("std::fprintf(stderr", "")
        for layers, pattern, why in BANS:
            if path.parts[0] in layers:
                for match in re.finditer(pattern, code):
                    line = code.count("\n", 0, match.start()) + 1
                    yield Finding("bans", f"src/{path}", line, f"{match[0].strip()}: {why}")


def drawers(root: pathlib.Path, paths: list[pathlib.PurePosixPath]) -> typing.Iterator[Finding]:
    for path in paths:
        for part in path.parts:
            match = DRAWER_NAME.search(part)
            if match:
                yield Finding("names", str(path), 1, f'"{match[2]}" is a drawer; say what is in it')
    for path, text in sources(root):
        code = code_only(text)
        for match in DRAWER_TYPE.finditer(code):
            line = code.count("\n", 0, match.start()) + 1
            yield Finding("names", f"src/{path}", line, f'"{match[1]}" is a drawer; say what it does')
