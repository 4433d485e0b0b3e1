"""What a running process notices about its directory, its reaction, and the final state; locks, links and modes."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).parents[3]
sys.path[:0] = [str(ROOT / "test/lib/life"), str(ROOT / "test/lib")]

import harness  # noqa: E402
from life import PATIENCE, TIDEMARK, Life  # noqa: E402

SPEC = ["--store-every", "1s", "--size", "2m", "--delay", "30s"]
SIMULATED = ["--symbols", "8", "--speed", "600", "--store-every", "1s"]


def tidemark(*words, code=0, **options):
    said = subprocess.run([TIDEMARK, *map(str, words)], capture_output=True, text=True, timeout=PATIENCE,
                          env={"PATH": os.environ["PATH"]}, **options)
    assert said.returncode == code, f"{words}: ended with {said.returncode}, not {code}:\n{said.stdout}{said.stderr}"
    return said.stdout + said.stderr


def readyz(life):
    """(status, reason); None if the process does not answer."""
    try:
        with urllib.request.urlopen(life.url() + "/readyz", timeout=PATIENCE) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused).get("reason", "")
    except OSError:
        return None


def shown(data, least=1):
    files = [path for path in (data / "lake").rglob("*.parquet") if not path.name.startswith(".")] if (data / "lake").exists() else []
    return sorted(files) if len(files) >= least else []


def working(life):
    """Waits until the lake has a file."""
    life.url()
    life.wait_until(lambda: shown(life.data, 2), "files are in the lake")
    assert readyz(life) == (200, ""), readyz(life)


def unready(life, *words):
    """Waits until /readyz has a reason; returns it without the agent's name."""
    def look():
        said = readyz(life)
        return said and said[0] == 503 and all(word in said[1] for word in words) and said[1].removeprefix("directory: ")
    return life.wait_until(look, f"/readyz answers 503 with {words}")


def ready_again(life):
    life.wait_until(lambda: readyz(life) == (200, ""), "/readyz answers 200 again")


def ended_for(life, *words):
    """Checks that it ended by itself: exit code 1, one line in the journal, one message."""
    assert life.process.wait(PATIENCE) == 1, life.journal()
    journal = life.journal()
    assert journal.count("directory.changed") == 1, journal
    last = journal.strip().splitlines()[-1]
    assert last.startswith("tidemark run: ") and all(word in last for word in words), last
    return last


def rows(data):
    """Every final trend in the lake, sorted."""
    said = tidemark("query", "--data", data, "--format", "json", "SELECT * EXCLUDE (revision) FROM stock_trends ORDER BY ALL")
    return said.splitlines()


def replayed(folder, name, disturb, recover):
    """Checks that a replay whose directory is disturbed, and which continues afterwards, ends with the rows of an undisturbed one."""
    market = folder / "market.jsonl"
    if not market.exists():
        market.write_text(tidemark("simulate", "--symbols", "6", "--minutes", "200", "--start", "2026-01-06T14:30:00Z"))
        tidemark("run", "--port", "0", "--data", folder / "undisturbed", *SPEC, "--speed", "max", "--exit-at-end", market)
    data = folder / name / "data"
    data.parent.mkdir()
    with Life(data, *SPEC, "--speed", "600", str(market)) as life:
        working(life)
        words = disturb(data)
        reason = unready(life, *words)
        ended_for(life, *words)
        assert reason in life.journal(), reason
    recover(data)
    tidemark("run", "--port", "0", "--data", data, *SPEC, "--speed", "max", "--exit-at-end", market)
    assert "Everything is whole." in tidemark("verify", "--data", data)
    assert rows(data) == rows(folder / "undisturbed"), "rows differ from those of a run that nobody disturbed"


def check_log_renamed(folder):
    """log.db renamed under a run: 503 with the reason, an end with exit code 1; brought back, not a row is lost"""
    replayed(folder, "renamed", lambda data: os.rename(data / "log.db", data / "mine") or ("log.db was removed or renamed", "-wal"),
             lambda data: os.rename(data / "mine", data / "log.db"))


def check_wal_removed(folder):
    """log.db-wal removed under a run: an end in good order writes into log.db what it held, and not a row is lost"""
    replayed(folder, "no-wal", lambda data: os.remove(data / "log.db-wal") or ("log.db-wal was removed", "start again"), lambda data: None)


def check_shm_removed(folder):
    """so it is with log.db-shm"""
    replayed(folder, "no-shm", lambda data: os.remove(data / "log.db-shm") or ("log.db-shm was removed", "start again"), lambda data: None)


def check_log_removed(folder):
    """log.db removed: what is final goes to the lake; verify and backup refuse what is left, name the cure, and it works"""
    data = folder / "data"
    with Life(data, *SIMULATED) as life:
        working(life)
        (data / "log.db").unlink()
        unready(life, "log.db was removed or renamed")
        ended_for(life, "a new log begins behind what the lake holds")
    before = rows(data)
    assert before
    for words in (["verify"], ["backup", folder / "backup"]):
        said = tidemark(*words, "--data", data, code=1)
        assert "log.db is gone" in said and "bring it back" in said and "restore" in said and "--without-log" in said, said
    assert not (folder / "backup").exists()
    assert "lake" in tidemark("verify", "--without-log", "--data", data)
    assert "log.db-wal is there, but" in tidemark("run", "--port", "0", "--data", data, code=2)
    for path in data.glob("log.db-*"):
        path.unlink()
    assert "log.db is gone" in tidemark("verify", "--data", data, code=1)
    assert "log.db is gone" in tidemark("doctor", "--data", data, code=1)
    with Life(data, *SIMULATED) as life:
        life.wait_until(lambda: len(rows(data)) > len(before), "it goes on")
        assert "log.new_behind_lake" in life.journal()
        life.end()
    assert "Everything is whole." in tidemark("verify", "--data", data)
    tidemark("backup", "--data", data, folder / "backup")


def check_log_replaced(folder):
    """another log.db in its place: nothing is published any more, and the sentence says whose -wal that is"""
    data = folder / "data"
    with Life(data, *SIMULATED) as life:
        working(life)
        shutil.copy(data / "log.db", folder / "other")
        os.rename(folder / "other", data / "log.db")
        unready(life, "log.db was replaced")
        files = shown(data)
        ended_for(life, "log.db was replaced", "log.db-wal and log.db-shm belong to the one before")
    assert [path for path in shown(data) if path not in files] == []


def check_log_overwritten(folder):
    """log.db overwritten in place by an older copy of itself: an end, nothing published any more, and the cure works; its time alone is none"""
    data = folder / "data"
    log = data / "log.db"
    # So slow that some seconds pass between two checkpoints: a checkpoint that finds the other file first ends the run before /readyz says why.
    with Life(data, "--symbols", "8", "--speed", "1500", "--store-every", "1s") as life:
        working(life)
        shutil.copyfile(log, folder / "older")
        before = log.stat()
        life.wait_until(lambda: log.stat().st_mtime_ns != before.st_mtime_ns, "there was a checkpoint")
        os.utime(log)
        files = shown(data)
        life.wait_until(lambda: len(shown(data)) > len(files), "it goes on publishing")
        assert readyz(life) == (200, ""), readyz(life)
        with open(folder / "older", "rb") as older, open(log, "r+b") as overwritten:  # as dd conv=notrunc does
            shutil.copyfileobj(older, overwritten)
        assert log.stat().st_ino == before.st_ino
        unready(life, "log.db is damaged: another program has written into it")
        files = shown(data)
        ended_for(life, "another program has written into it", "move both away")
    assert [path for path in shown(data) if path not in files] == []
    for path in data.glob("log.db*"):
        path.unlink()
    with Life(data, *SIMULATED) as life:
        life.wait_until(lambda: len(shown(data)) > len(files), "it goes on")
        life.end()
    assert "Everything is whole." in tidemark("verify", "--data", data)


def check_log_copied_over(folder):
    """so it is with another log that is copied over it"""
    other = folder / "other"
    market = folder / "market.jsonl"
    market.write_text(tidemark("simulate", "--symbols", "2", "--minutes", "20"))
    tidemark("run", "--port", "0", "--data", other, "--speed", "max", "--exit-at-end", market)
    data = folder / "data"
    with Life(data, *SIMULATED) as life:
        working(life)
        shutil.copyfile(other / "log.db", data / "log.db")
        unready(life, "log.db is damaged: another program has written into it")
        ended_for(life, "another program has written into it")


def check_directory_renamed(folder):
    """the directory renamed: an end, and nothing is made under the old name; brought back it goes on"""
    data = folder / "data"
    with Life(data, *SIMULATED) as life:
        working(life)
        os.rename(data, folder / "elsewhere")
        unready(life, "the data directory", "was removed or renamed")
        ended_for(life, "bring it back under its name")
    assert not data.exists() or not (data / "log.db").exists()
    shutil.rmtree(data, ignore_errors=True)
    os.rename(folder / "elsewhere", data)
    assert "Everything is whole." in tidemark("verify", "--data", data)
    with Life(data, *SIMULATED) as life:
        life.url()
        life.end()


def check_lock_file_removed(folder):
    """tidemark.pid removed: told, and it goes on; a second process is refused all the same, and named the first one"""
    data = folder / "data"
    with Life(data, *SIMULATED) as life:
        working(life)
        (data / "tidemark.pid").unlink()
        reason = unready(life, "tidemark.pid was removed", "start this process again")
        said = tidemark("run", "--port", "0", "--data", data, code=3)
        assert re.search(rf"process ({life.process.pid}|unknown) works on", said), said
        assert not (data / "tidemark.pid").exists()
        (data / "tidemark.pid").write_text("1\n")
        assert "works on the data directory" in tidemark("run", "--port", "0", "--data", data, code=3)
        files = len(shown(data))
        life.wait_until(lambda: len(shown(data)) > files, "it goes on publishing")
        assert life.journal().count("directory.changed") == 1 and reason in life.journal(), life.journal()
        life.end()
    assert "Everything is whole." in tidemark("verify", "--data", data)


def check_published_file_removed(folder):
    """a published file removed: told until it is back; `tidemark verify --repair` brings it back, too"""
    data = folder / "data"
    with Life(data, *SIMULATED, "--compact-after", "never") as life:
        working(life)
        first, second = shown(data, 2)[:2]
        os.rename(first, folder / "away")
        reason = unready(life, first.name, "tidemark verify --repair")
        assert life.journal().count("directory.changed") == 1 and reason in life.journal()
        shutil.copy(folder / "away", first)
        ready_again(life)
        second.unlink()
        unready(life, second.name)
        tidemark("verify", "--repair", "--data", data)
        ready_again(life)
        life.end()
    assert "Everything is whole." in tidemark("verify", "--data", data)


def check_own_changes(folder):
    """what import, recompute, compaction, repair and backup do to the lake is no trouble; what they made is watched by the next start"""
    data = folder / "data"
    market = folder / "market.jsonl"
    market.write_text(tidemark("simulate", "--symbols", "6", "--minutes", "200", "--start", "2026-01-06T14:30:00Z"))
    more = folder / "more.jsonl"
    more.write_text(tidemark("simulate", "--symbols", "NEW", "--minutes", "60", "--start", "2026-01-06T14:30:00Z"))
    with Life(data, *SPEC, "--speed", "2000", "--compact-after", "never", str(market)) as life:
        life.wait_until(lambda: life.status()["feed"]["state"] == "ended" and len(shown(data)) > 2, "all has been read")
        day = ["--day", "2026-01-06"]
        for words in (["import", more], ["recompute", *day], ["compact", *day], ["verify", "--repair"], ["backup", folder / "backup"]):
            life.wait_until(lambda words=words: subprocess.run([TIDEMARK, *map(str, words), "--data", data], capture_output=True).returncode == 0,
                            f"{words[0]} is done")
        # The lock file is removed and restored; a process that is ready again has checked the lake since.
        os.rename(data / "tidemark.pid", folder / "away")
        unready(life, "tidemark.pid")
        os.rename(folder / "away", data / "tidemark.pid")
        ready_again(life)
        assert life.journal().count("directory.changed") == 1, life.journal()
        life.end()
    (trends,) = data.glob("lake/stock_trends/*/*.parquet")
    with Life(data, *SPEC, "--compact-after", "never", str(market)) as life:
        life.url()
        os.rename(trends, folder / "away")
        unready(life, trends.name)
        os.rename(folder / "away", trends)
        ready_again(life)
        life.end()


def check_links(folder):
    """no symbolic link is followed for log, lock and tokens; a data directory may be one"""
    real = folder / "real"
    real.mkdir()
    data = folder / "data"
    data.symlink_to(real)
    once = ["run", "--port", "0", "--data", data, "--speed", "max", "--exit-at-end", folder / "market.jsonl"]
    (folder / "market.jsonl").write_text(tidemark("simulate", "--symbols", "2", "--minutes", "20"))
    tidemark(*once)
    precious = folder / "precious"
    for name in ("log.db", "log.db-wal", "log.db-shm", "tidemark.pid"):
        kept = real / name
        if kept.exists():
            os.rename(kept, folder / "kept")
        precious.write_text("kept")
        kept.symlink_to(precious)
        said = tidemark(*once, code=2)
        assert f"{data / name} is a symbolic link" in said, said
        assert precious.read_text() == "kept"
        if name == "log.db":
            assert "is a symbolic link" in tidemark("backup", "--data", data, folder / "backup", code=2)
        kept.unlink()
        if (folder / "kept").exists():
            os.rename(folder / "kept", kept)
    tidemark(*once)
    tidemark("token", "issue", "--file", folder / "tokens")
    (folder / "link").symlink_to("tokens")
    for words in (["token", "issue", "--file", folder / "link", "--name", "x"], ["token", "list", "--file", folder / "link"],
                  ["run", "--port", "0", "--data", data, "--token-file", folder / "link"]):
        said = tidemark(*words, code=2)
        assert f"{folder / 'link'} is a symbolic link" in said, said
    assert (folder / "link").is_symlink()


def mode_of(path):
    return path.lstat().st_mode & 0o7777


def check_modes(folder):
    """log, state and backups are the owner's alone whatever the umask; the lake has lake-mode; what is there keeps its mode"""
    for umask, words, file, directory, above in ((0, [], 0o644, 0o755, 0o711), (0o077, [], 0o644, 0o755, 0o711),
                                                 (0o027, ["--lake-mode", "0640"], 0o640, 0o750, 0o710),
                                                 (0, ["--lake-mode", "600"], 0o600, 0o700, 0o700)):
        place = folder / f"{umask}-{len(words)}-{file}"
        place.mkdir()
        data = place / "data"
        before = os.umask(umask)
        try:
            with Life(data, *SIMULATED, *words) as life:
                working(life)
                tidemark("symbols", "add", "NEW", "--data", data)
                for name in ("log.db", "log.db-wal", "log.db-shm", "tidemark.pid", "symbols"):
                    assert mode_of(data / name) == 0o600, (name, oct(mode_of(data / name)))
                tidemark("backup", "--copy", "--data", data, place / "backup")
                life.end()
            environment = {"PATH": os.environ["PATH"]}
            if words:
                environment["TIDEMARK_LAKE_MODE"] = words[1]
            subprocess.run([TIDEMARK, "restore", "--data", place / "restored", place / "backup"], check=True, capture_output=True,
                           env=environment)
        finally:
            os.umask(before)
        for each in (data, place / "restored"):
            assert mode_of(each) == above, (each, oct(mode_of(each)))
            assert mode_of(each / "log.db") == 0o600
            for path in [each / "lake", *(each / "lake").rglob("*")]:
                if path.name not in (".restating", ".publishing"):
                    assert mode_of(path) == (directory if path.is_dir() else file), (path, oct(mode_of(path)))
        for path in [place / "backup", *(place / "backup").rglob("*")]:
            assert mode_of(path) == (0o700 if path.is_dir() else 0o600), (path, oct(mode_of(path)))
    os.chmod(data / "log.db", 0o640)
    os.chmod(data / "lake", 0o775)
    with Life(data, *SIMULATED) as life:
        working(life)
        life.end()
    assert mode_of(data / "log.db") == 0o640 and mode_of(data / "lake") == 0o775
    for wrong in ("0666x", "755", "0400", "-644", "9", "0o644"):
        said = tidemark("run", "--data", data, f"--lake-mode={wrong}", code=2)
        assert "lake-mode" in said and "octal" in said, said


def check_question_dies_with_its_parent(folder):
    """a question in SQL over the API ends with the server, even with one that is killed"""
    data = folder / "data"
    with Life(data, *SIMULATED, "--query-timeout", "10m") as life:
        working(life)
        ask = urllib.request.Request(life.url() + "/api/v1/query", method="POST", headers={"Content-Type": "application/json"},
                                     data=json.dumps({"sql": "SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000) b"}).encode())

        def asked():
            try:
                urllib.request.urlopen(ask, timeout=PATIENCE)
            except OSError:
                pass

        threading.Thread(target=asked, daemon=True).start()

        def children():
            listed = pathlib.Path(f"/proc/{life.process.pid}/task").glob("*/children")
            return [int(child) for tasks in listed for child in tasks.read_text().split()]

        (child,) = life.wait_until(children, "the question has a process")
        life.wait_until(lambda: b"query" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes(), "it is the program")
        time.sleep(1)  # so that it is computing, which would take hours
        os.kill(life.process.pid, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE
        while (status := pathlib.Path(f"/proc/{child}/stat")).exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z":
            assert time.monotonic() < deadline, "it goes on without its parent"
            time.sleep(0.05)


CHECKS = [check_log_renamed, check_wal_removed, check_shm_removed, check_log_removed, check_log_replaced, check_log_overwritten,
          check_log_copied_over, check_directory_renamed,
          check_lock_file_removed, check_published_file_removed, check_own_changes, check_links, check_modes,
          check_question_dies_with_its_parent]


def main():
    with tempfile.TemporaryDirectory(prefix="tidemark-watch-") as place:
        for check in CHECKS:
            folder = pathlib.Path(place)
            if check not in CHECKS[:3]:
                folder = folder / check.__name__
                folder.mkdir()
            harness.tell(check.__doc__, check, folder)


main()
harness.end()
