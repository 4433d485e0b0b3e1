"""Other readers of the lake with a damaged file: each names the file and the cure, and skips nothing silently."""

import json
import shutil
import urllib.error
import urllib.request

from harness import Skip
from damages import cut, flip, footer_of, statistics, victim
from life import Life
from program import contents, copied, tidemark

DAMAGES = {
    "cut": lambda path: cut(path, 0.5),
    "empty": lambda path: cut(path, 0),
    "no Parquet": lambda path: path.write_text("no Parquet " * 100),
    "a bit of the footer": lambda path: flip(path, -8 - footer_of(path)),
    "what readers skip rows by": statistics,
    "a bit of a page": lambda path: flip(path, 4 + 60),  # the first column's dictionary: every question reads it
}
CURE = "`tidemark verify --repair`"


def damaged(replays, damage, table="bars"):
    data = copied(replays.folder / "undisturbed/data", replays.folder / "others")
    path = victim(data, table)
    damage(path)
    return data, path


def a_question(replays):
    """a question in SQL that meets a damaged file is refused, with the file and the cure"""
    for what, damage in DAMAGES.items():
        data, path = damaged(replays, damage)
        asked = tidemark("query", "SELECT symbol, sum(close) FROM bars_all GROUP BY symbol", "--data", data)
        if what in ("a bit of a page", "what readers skip rows by") and asked.returncode == 0:
            print(f"# {what}: DuckDB looks at no checksum, and answers")
            continue
        assert asked.returncode == 1, (what, asked.returncode, asked.stdout)
        assert path.name in asked.stderr and CURE in asked.stderr, (what, asked.stderr)


def a_question_on_the_page(replays):
    """so is one of the page"""
    data, path = damaged(replays, DAMAGES["cut"])
    with Life(data, "--feed", "simulator", "--compact-after", "never", "--symbols", "A") as one:
        request = urllib.request.Request(one.url() + "/api/v1/query", method="POST", headers={"Content-Type": "application/json"},
                                         data=json.dumps({"sql": "SELECT sum(close) FROM bars_all"}).encode())
        for _ in range(4):  # a busy machine may answer too late
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    raise AssertionError(answer.read())
            except urllib.error.HTTPError as refused:
                said = refused.read().decode()
            if "was stopped after" not in said:
                break
        else:
            raise Skip("the machine is too busy to answer a question within its ten seconds")
        assert path.name in said and CURE in said, said
        one.kill()


def making_days_anew(replays):
    """recompute and compact leave a day with a damaged file as it is, with the file and the cure"""
    for what, damage in DAMAGES.items():
        for words in (["recompute", "--day", "2026-01-05"], ["compact"]):
            data, path = damaged(replays, damage)
            if words[0] == "compact":  # so that there is something to merge
                shutil.copy(path, path.with_name("bars-000000000000-000000000000.parquet"))
            before = contents(data)
            said = tidemark(*words, "--data", data)
            assert said.returncode == 1, (what, words, said.returncode, said.stdout)
            assert path.parent.name in said.stderr and CURE in said.stderr, (what, words, said.stderr)
            after = contents(data)
            assert after[str(path.relative_to(data))] == before[str(path.relative_to(data))]
            if words[0] == "recompute":
                assert after == before, what


def a_run(replays):
    """a run starts and goes on all the same; its compaction names the file"""
    data, path = damaged(replays, DAMAGES["cut"])
    for number in range(4):  # enough files to make compaction worthwhile
        shutil.copy(path, path.with_name(f"bars-{number:012}-{number:012}.parquet"))
    with Life(data, *replays.words("max")) as one:
        one.wait_until(lambda: "lake.not_compacted" in one.journal(), "compaction tells")
        line = next(line for line in one.journal().splitlines() if "lake.not_compacted" in line)
        assert CURE in line and path.parent.name in line, line
        assert one.status()["account"]["read"] > 0
        one.end()


CHECKS = [a_question, a_question_on_the_page, making_days_anew, a_run]
