"""Cases of other stages with a program built with the thread sanitizer (build/tsan): they pass, and it reports nothing.

    THREADS_STAGES   only these, of api, symbols, fleet

Cases that are impossible under the sanitizer are left out: those with SQL, whose process has a smaller memory limit than the sanitizer needs, and one
that needs the program's own speed.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "test/lib"))

import harness  # noqa: E402

LOGS = ROOT / "build/test/threads"
PROGRAM = ROOT / "build/tsan/tidemark"
API = ("live", "doors", "replays", "choices", "tokens")
LEFT_OUT = {
    "a_client_that_does_not_read_delays_nobody",
    "a_body_of_unclear_length_ends_the_connection",
    "a_client_that_waits_for_100_continue_is_told_to_go_on",
    "every_final_of_a_replayed_day_is_that_of_the_lake",
    "a_replay_shows_nothing_of_what_comes_later",
}
FLEET = (
    "processes of the fleet, analyze, store and ingest, survive kill -9 at any moment: each final and each judged bar once",
    "one serve has the bars of all partitions, each digit: those that were there before it began, those that come, and the corrected ones",
    "an EndTxn that arrives during the next transaction is refused, and nothing is lost or doubled, with kill -9, too",
)
RACE = """
#include <thread>
int shared;
int main() {
  std::thread other([] { shared = 1; });
  shared = 2;
  other.join();
}
"""


def cases_of_api():
    for module in API:
        for name in re.findall(r"^def case_(\w+)\(", (ROOT / f"test/stages/api/{module}.py").read_text(), re.MULTILINE):
            if name not in LEFT_OUT:
                yield f"{module}: {name.replace('_', ' ')}"


STAGES = {"api": lambda: list(cases_of_api()), "symbols": list, "fleet": lambda: list(FLEET)}


def environment(folder):
    """Reports go to files, so that the output and exit code of a program are what its stage expects."""
    folder.mkdir(parents=True)
    symbolizer = subprocess.run(["sh", "-c", "command -v llvm-symbolizer-19"], capture_output=True, text=True).stdout.strip()
    options = {"log_path": folder / "report", "exitcode": 0, "suppressions": ROOT / "test/stages/threads/suppressions.txt", "external_symbolizer_path": symbolizer}
    return {**os.environ, "TIDEMARK": str(PROGRAM), "TIDEMARK_FULL": "", "TSAN_OPTIONS": ":".join(f"{name}={value}" for name, value in options.items())}


def reports(folder):
    return [path.read_text(errors="replace") for path in sorted(folder.glob("report.*"))]


def check_race(folder):
    """a race that is planted is reported"""
    env = environment(folder / "planted")
    (folder / "race.cc").write_text(RACE)
    subprocess.run(["clang++-19", "-fsanitize=thread", "-g1", "-O0", folder / "race.cc", "-o", folder / "race"], check=True)
    for _ in range(20):  # both threads must run at the same time once
        subprocess.run([folder / "race"], env=env, check=True)
    assert any("data race" in text for text in reports(folder / "planted"))


def run(stage, names):
    """Runs these cases of a stage (all if none are given) and yields the verdict on each case and on the whole."""
    env = environment(LOGS / stage)
    if names:
        env["TEST_CASES"] = "\n".join(names)
    with open(LOGS / f"{stage}.log", "wb") as log:
        subprocess.run([ROOT / f"test/stages/{stage}/run"], env=env, stdout=log, stderr=subprocess.STDOUT)
    lines = re.findall(r"^(ok|not ok|skip) - (.*)$", (LOGS / f"{stage}.log").read_text(errors="replace"), re.MULTILINE)
    for verdict, name in lines:
        yield verdict, name
    for name in sorted(set(names) - {name for _, name in lines}):
        yield "not ok", f"{name} (there is no such case)"
    found = reports(LOGS / stage)
    for text in found:
        print(*(f"# {line[:200]}" for line in text.splitlines()[:40]), sep="\n")
    ran = sum(verdict != "skip" for verdict, _ in lines)
    yield ("ok" if ran and not found else "not ok"), f"no thread meets another unannounced ({len(found)} reports, {ran} cases)"


def main():
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    harness.tell(check_race.__doc__, check_race, LOGS)
    failed = harness.has_failed()
    for stage in os.environ.get("THREADS_STAGES", "").split() or STAGES:
        for verdict, name in run(stage, STAGES[stage]()):
            print(f"{verdict} - {stage}: {name}", flush=True)
            failed |= verdict == "not ok"
    return 1 if failed else 0


sys.exit(main())
