"""Redriven dead letters: each once, whatever is killed, and judged as the contract's reference judges the same input."""

import contextlib
import fcntl
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import harness  # noqa: E402
import letters  # noqa: E402
from letters import TIDEMARK, WINDOWS, agrees, bring, evidence, lakes, mended, records, redrive, redrive_aloud  # noqa: E402

SEED = int(os.environ.get("REDRIVE_SEED") or 1)


def rows(lake):
    return {table: [row for day in days.values() for row in day.to_pylist()] for table, days in lake.items()}


print(f"# REDRIVE_SEED={SEED}", flush=True)


@harness.case("mended records take their letters' place: log, lake, account and the recomputed day are the reference's", in_folder=True)
def _(folder):
    data = folder / "data"
    lines, meant = letters.spoiled_market(4, 620, SEED)  # over midnight
    bring(data, lines)
    before, lake_before, stats = agrees(data)
    dead = len(before["alpaca_dead_letters"])
    file_lines, appended = mended(before, meant)
    cut = sum('"record_bytes"' in line for line in file_lines)
    assert dead > len(appended) + cut > len(appended) > 50 and cut > 0, (dead, len(appended), cut)

    # Without corrections nothing is redriven, and each reason is reported.
    planned = redrive(data, "--dry-run")
    assert planned["letters"] == dead and planned["bars"] == planned["redriven"] == 0, planned
    assert planned["still_rejected"] == dead - cut and planned["cut"] == cut, planned
    assert redrive_aloud(data).startswith(f"nothing to redrive: {dead} dead letters; {dead - cut} no bars yet ("), redrive_aloud(data)
    assert redrive(data, "--export", "-").splitlines() == [row[3].decode() for row in before["alpaca_dead_letters"]]
    assert evidence.read_log(data) == before, "nothing has changed"

    random.Random(SEED).shuffle(file_lines)
    (folder / "mended.jsonl").write_text("\n".join(file_lines))
    planned = redrive(data, "--from-file", folder / "mended.jsonl", "--dry-run")
    assert (planned["bars"], planned["redriven"]) == (len(appended), 0), planned
    done = redrive(data, "--from-file", folder / "mended.jsonl")
    assert done == {**planned, "redriven": len(appended), "dry_run": False}, (planned, done)
    again = redrive_aloud(data, "--from-file", folder / "mended.jsonl")
    assert again.startswith(f"nothing to redrive: {dead} dead letters; {len(appended)} redriven before"), again

    bring(data, [])  # the next run judges them
    after, lake_after, stats_after = agrees(data)
    begin = len(before["alpaca_trends"])
    assert records(after, begin) == [*appended, None], evidence.first_difference(records(after, begin), [*appended, None])
    assert stats_after["read"] == stats["read"] + len(appended)
    assert stats_after["late"] == stats["late"] + len(appended), "all windows had closed"
    assert rows(lake_after)["stock_trends"] == rows(lake_before)["stock_trends"], "no published trend changes"
    late = [bar for bar in rows(lake_after)["bars"] if bar["position"] >= begin]
    assert len(late) == len(appended) and all(bar["late"] for bar in late)
    assert "nothing to redrive" in redrive_aloud(data, "--from-file", folder / "mended.jsonl")

    days = done["recompute"]
    changed = sum(line["changed"] + line["new"] for line in lakes.recompute(data, "--from", days[0], "--to", days[-1]))
    assert changed > len(appended), changed
    assert set(days) == set(lakes.published(data / "lake")), days
    for day, made in lakes.recomputed(data / "lake", WINDOWS).items():
        found = lakes.published(data / "lake")[day]
        assert found.keys() == made.keys()
        for key, row in made.items():
            assert {**found[key], "revision": 0} == {**row, "revision": 0}, key


def heartbeat(seconds):
    return f'{{"heartbeat":"{time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))}"}}'.encode()


START = 1_772_870_400  # 2026-03-07T08:00:00Z


def bar(seconds, symbol, volume):
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    return (f'{{"symbol":"{symbol}","timestamp":"{stamp}","open":1,"high":1,"low":1,"close":1,'
            f'"volume":{volume}}}').encode()


def early(count):
    """Bars two hours and more ahead of a heartbeat, so that all of them are dead letters."""
    return [bar(START + 7_200 + i % 600, f"S{i // 600}", i) for i in range(count)]


def in_the_log(data, begin, wanted):
    """How often each wanted record was appended behind `begin`; fails on any other record."""
    counts = dict.fromkeys(wanted, 0)
    for kind, record in [(row[1], row[3]) for row in evidence.read_log(data)["alpaca_trends"][begin:]]:
        if kind == b"data":
            assert record in counts, record
            counts[record] += 1
    return counts


@harness.case("what chooses, chooses; --again appends once more", in_folder=True)
def _(folder):
    data = folder / "data"
    bring(data, [heartbeat(START), *early(10), b"no bar", b'{"symbol":"A"}', b'{"symbol":1}'])
    log = evidence.read_log(data)
    begin, ahead = len(log["alpaca_trends"]), records(log)[1:11]
    assert [letter["offset"] for letter in letters.letters(log)] == list(range(13))

    def goes(*words):
        return redrive(data, "--dry-run", *words)["letters"]

    assert [goes(), goes("--reason", "missing"), goes("--reason", "missing,wrong_type"), goes("--field", "symbol")] == [13, 1, 2, 1]
    assert [goes("--from", "11"), goes("--to", "3"), goes("--from", "3", "--to", "3"), goes("--from", "13")] == [2, 4, 1, 0]
    assert [goes("--since", "2020-01-01"), goes("--since", "2200-01-01T00:00:00Z")] == [13, 0]
    assert goes("--reason", "ahead_of_heartbeat", "--field", "timestamp", "--from", "8") == 2

    first = redrive(data, "--from", "2", "--to", "4")
    assert (first["letters"], first["redriven"], first["recompute"]) == (3, 3, []), first
    assert records(evidence.read_log(data), begin) == ahead[2:5]
    rest = redrive(data)
    assert (rest["letters"], rest["redriven"], rest["redriven_before"], rest["still_rejected"]) == (13, 7, 3, 3), rest
    assert in_the_log(data, begin, ahead) == dict.fromkeys(ahead, 1)
    exported = redrive(data, "--export", "-")
    assert len(exported.splitlines()) == 3 and len(redrive(data, "--export", "-", "--again").splitlines()) == 13
    for times in (2, 3):
        assert redrive(data, "--dry-run", "--again")["bars"] == 10
        again = redrive(data, "--again", "--reason", "ahead_of_heartbeat")
        assert (again["redriven"], again["redriven_before"]) == (10, 0), again
        assert in_the_log(data, begin, ahead) == dict.fromkeys(ahead, times)
        assert redrive(data)["redriven"] == 0
    bring(data, [])
    after, _, stats = agrees(data)
    assert stats["rejected"] == 13 + 30, "they are still ahead of the only heartbeat"
    assert redrive(data)["redriven"] == 30, "each of these is another letter"


def wait_for_more(data, process):
    """Waits until something is appended, or the process has ended."""
    with contextlib.closing(sqlite3.connect(f"file:{data}/log.db?mode=ro", uri=True, timeout=letters.PATIENCE)) as log:
        before = log.execute("SELECT count(*) FROM alpaca_trends").fetchone()
        while log.execute("SELECT count(*) FROM alpaca_trends").fetchone() == before and process.poll() is None:
            pass


def ten_times(attempt, folder):
    """For moments that a slow machine may miss: repeats `attempt`, each in a new folder, until it was in time."""
    assert any(attempt(folder / str(number)) for number in range(10)), "always too late"


@harness.case("kill -9 at any moment: the same command goes on, and each is appended once", in_folder=True)
def _(folder):
    original, data = folder / "original", folder / "data"
    count = 10_000
    wanted = early(count)
    bring(original, [heartbeat(START), *wanted])
    begin = len(evidence.read_log(original)["alpaca_trends"])
    chance = random.Random(SEED)
    shutil.copytree(original, data)
    begun = time.monotonic()
    assert redrive(data)["redriven"] == count
    undisturbed = time.monotonic() - begun
    partly = kills = 0
    for _ in range(12):
        if partly >= 5:
            break
        shutil.rmtree(data)
        shutil.copytree(original, data)
        while True:
            process = subprocess.Popen([TIDEMARK, "redrive", "--data", data, "--json"], stdout=subprocess.PIPE)
            if kills % 2:  # so that some moments are after the first step, on any machine
                wait_for_more(data, process)
            try:
                said, _ = process.communicate(timeout=0 if kills % 2 else chance.uniform(0, undisturbed))
                assert process.returncode == 0
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                kills += 1
            (found,) = evidence.ask(data, "SELECT count(*) FROM alpaca_trends")
            partly += begin < found[0][0] < begin + count
        assert json.loads(said)["redriven"] + json.loads(said)["redriven_before"] == count
        log = evidence.read_log(data)
        assert records(log, begin) == wanted, "each once, and in their order"
        assert redrive(data)["redriven"] == 0
    print(f"# {kills} kills, after {partly} of them some had gone and some not")
    assert partly > 0, "none of the kills came at the right time"

    # With --again, and killed: the same command without --again redrives the rest.
    process = subprocess.Popen([TIDEMARK, "redrive", "--data", data, "--again"])
    time.sleep(chance.uniform(0, undisturbed))
    process.kill()
    process.wait()
    redrive(data)
    counts = in_the_log(data, begin, wanted)
    assert set(counts.values()) <= {1, 2}, set(counts.values())
    bring(data, [heartbeat(START + 7_200)])
    agrees(data)


@harness.case("the first Ctrl-C ends it between two steps, with 130", in_folder=True)
def _(folder):
    original = folder / "original"
    wanted = early(40_000)
    bring(original, [heartbeat(START), *wanted])
    begin = len(evidence.read_log(original)["alpaca_trends"])

    def attempt(data):
        shutil.copytree(original, data)
        process = subprocess.Popen([TIDEMARK, "redrive", "--data", data], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for_more(data, process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=letters.PATIENCE)
        is_in_time = process.returncode != 0
        if is_in_time:
            assert process.returncode == 130 and "the same command goes on with the others" in err, (process.returncode, out, err)
            assert redrive(data)["redriven"] > 0
        assert records(evidence.read_log(data), begin) == wanted
        return is_in_time

    ten_times(attempt, folder)


class Running:
    """`tidemark run` whose standard input stays open."""

    def __init__(self, data):
        self.data = data
        command = [TIDEMARK, "run", "--feed", "stdin", "--max-ahead", "off", "--exit-at-end", "--data", data, "--port", "0", "--store-every", "1s"]
        self.journal = open(data.parent / "journal", "wb")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=self.journal, stderr=self.journal)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self.journal.close()

    def bring(self, lines):
        self.process.stdin.write(b"".join(line + b"\n" for line in lines))
        self.process.stdin.flush()

    def wait_for(self, happened, what):
        deadline = time.monotonic() + letters.PATIENCE
        while not happened():
            assert self.process.poll() is None and time.monotonic() < deadline, (what, (self.data.parent / "journal").read_text())
            time.sleep(0.01)

    def listens(self):
        return b"run.started" in (self.data.parent / "journal").read_bytes()

    def wait_until_judged(self):
        """Returns when all input so far has been judged."""

        def judged():
            question = "SELECT (SELECT max(offset) + 1 FROM alpaca_trends), (SELECT position FROM positions WHERE reader = 'analyze')"
            end, position = evidence.ask(self.data, question)[0][0]
            return end is not None and end == position

        self.wait_for(judged, "all is judged")

    def end(self):
        """Ends the input, which closes all windows."""
        self.process.stdin.close()
        assert self.process.wait(timeout=letters.PATIENCE) == 0, (self.data.parent / "journal").read_text()


@harness.case("beside a run: what is redriven in time counts, between what the feed brings meanwhile", in_folder=True)
def _(folder):
    data = folder / "data"
    wanted = early(3_000)
    with Running(data) as run:
        run.wait_for(run.listens, "it listens")
        run.bring([heartbeat(START), *wanted, b"no bar"])
        run.wait_for(lambda: evidence.ask(data, "SELECT count(*) FROM alpaca_dead_letters") == [[(3_001,)]], "the letters")
        run.bring([heartbeat(START + 7_500)])  # closes what ends by 7,380; the last of the bars are of 7,799
        run.wait_for(lambda: evidence.ask(data, "SELECT count(*) FROM alpaca_trends") == [[(3_003,)]], "all is in the log")
        run.wait_until_judged()
        meanwhile = [bar(START + 7_500 + i, "LIVE", i) for i in range(200)]
        feeding = threading.Thread(target=lambda: [run.bring([line]) for line in meanwhile])
        feeding.start()
        done = redrive(data)
        feeding.join()
        assert (done["letters"], done["redriven"], done["still_rejected"]) == (3_001, 3_000, 1), done
        assert redrive(data)["redriven"] == 0
        assert "nothing to redrive" in redrive_aloud(data)
        again = redrive(data, "--again", "--to", "9")
        assert again["redriven"] == 10, again
        run.end()
    log, _, stats = agrees(data)
    came = [record for record in records(log) if record in set(wanted)]
    assert came == [*wanted, *wanted, *wanted[:10]]
    assert [record for record in records(log) if record in set(meanwhile)] == meanwhile
    assert stats["rejected"] == 3_001 and stats["late"] > 500 and stats["accepted"] > 500 + 200, stats
    assert stats["duplicate"] + stats["late"] + stats["accepted"] == 3_210, stats


@harness.case("a run that is killed meanwhile: after its next start the same command goes on", in_folder=True)
def _(folder):
    original = folder / "original/data"
    original.parent.mkdir()
    wanted = early(9_000)
    bring(original, [heartbeat(START), *wanted])
    begin = len(evidence.read_log(original)["alpaca_trends"])
    chance = random.Random(SEED)

    def attempt(place):
        place.mkdir()
        data = place / "data"
        shutil.copytree(original, data)
        # Records that are rejected again become new dead letters, which are not redriven.
        command = [TIDEMARK, "redrive", "--data", data, "--to", str(len(wanted) - 1), "--json"]
        ended = []
        while not ended or ended[-1] != 0:
            with Running(data) as run:
                run.wait_for(run.listens, "it listens")
                asking = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                wait_for_more(data, asking)
                if len(ended) < 3:
                    time.sleep(chance.uniform(0, 0.02))
                    run.process.kill()
                    run.process.wait()
                said, sentence = asking.communicate(timeout=letters.PATIENCE)
                ended.append(asking.returncode)
                if run.process.poll() is None:
                    run.end()
            assert asking.returncode in (0, 1), (asking.returncode, sentence)
        print(f"# ended with {ended}")
        log = evidence.read_log(data)
        came = [record for kind, record in [(row[1], row[3]) for row in log["alpaca_trends"][begin:]] if kind == b"data"]
        assert came == wanted, "each once, and in their order"
        bring(data, [])  # a run that is asked to end may leave records unread
        agrees(data)
        return 1 in ended

    ten_times(attempt, folder)


@harness.case("wrong words and foreign lines are refused, and nothing is appended", in_folder=True)
def _(folder):
    data = folder / "data"
    assert "`tidemark run` makes a log" in redrive(data, code=2) and not data.exists()
    bring(data, [heartbeat(START), *early(3)])
    before = evidence.read_log(data)
    lines = redrive(data, "--export", "-").splitlines()
    foreign = lines[1].replace('"position":2', '"position":77')
    (folder / "mended").write_text("\n".join([lines[0], "", foreign, lines[2]]))
    sentence = redrive(data, "--from-file", folder / "mended", code=2)
    assert "mended, line 3: the log has no dead letter of position 77" in sentence, sentence
    sentence = redrive(data, "--from-file", "-", code=2, stdin=lines[0] + "\n" + lines[0] + "\n")
    assert "-, line 2: line 1 says" in sentence, sentence
    assert "no-such-file" in redrive(data, "--from-file", "no-such-file", code=2)
    assert evidence.read_log(data) == before
    with open(data / "tidemark.pid", "r+") as lock:  # a process that holds the lock without a control socket
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        assert str(os.getpid()) in redrive(data, code=3)
        assert redrive(data, "--dry-run")["bars"] == 3, "to look needs nobody's leave"
    assert redrive(data)["redriven"] == 3


harness.end()
