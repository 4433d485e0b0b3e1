"""The doctor on good and bad set-ups."""

import json
import os
import socket
import sqlite3
import time

from program import Folder


def examine(folder, *arguments, **options):
    said = folder.run("doctor", "--json", *arguments, **options)
    report = json.loads(said.stdout)
    assert report["healthy"] == (said.returncode == 0), said
    assert said.returncode in (0, 1) and not said.stderr, said
    return report


def check(report, subject):
    return [found for found in report["checks"] if found["subject"] == subject][0]


def check_good_set_up():
    """in an empty folder the doctor finds nothing wrong, and changes nothing"""
    with Folder() as folder:
        report = examine(folder, "--port", "0")
        assert report["healthy"] and not [found for found in report["checks"] if found["state"] == "FAIL"], report
        subjects = {found["subject"] for found in report["checks"]}
        assert {"data directory", "disk space", "port", "DuckDB", "Arrow", "clock", "open files"} <= subjects
        assert all(found["cure"] for found in report["checks"] if found["state"] != "ok")
        eyes = folder.run("doctor", "--port", "0")
        assert eyes.returncode == 0 and "data directory" in eyes.stdout and "tidemark-data" in eyes.stdout
        assert list(folder.path.iterdir()) == []


def check_port():
    """a port that is taken fails with a cure"""
    with Folder() as folder, socket.create_server(("127.0.0.1", 0)) as taken:
        report = examine(folder, "--port", str(taken.getsockname()[1]))
        found = check(report, "port")
        assert found["state"] == "FAIL" and "--port" in found["cure"], found


def check_data_directory():
    """a data directory that is a file, or cannot be written, fails"""
    with Folder() as folder:
        folder.write("file", "")
        found = check(examine(folder, "--port", "0", "--data", "file"), "data directory")
        assert found["state"] == "FAIL" and "not a directory" in found["detail"], found
        found = check(examine(folder, "--port", "0", "--data", "file/below"), "data directory")
        assert found["state"] == "FAIL", found
        if os.geteuid() != 0:
            (folder.path / "locked").mkdir(mode=0o555)
            found = check(examine(folder, "--port", "0", "--data", "locked"), "data directory")
            assert found["state"] == "FAIL" and "cannot be written" in found["detail"], found


def check_forecast():
    """from how log and lake have grown the doctor says when the disk is full, and warns in time"""
    with Folder() as folder:
        day = folder.path / "tidemark-data/lake/bars/dt=2026-01-05"
        day.mkdir(parents=True)
        now, room = time.time(), os.statvfs(day)
        free = room.f_bavail * room.f_frsize

        def grow(share, days):  # a sparse file of this age
            path = day / f"bars-{int(days):012}-{int(days):012}.parquet"
            path.touch()
            os.truncate(path, int(free * share))
            os.utime(path, (now - 86_400 * days,) * 2)

        grow(0, 0.02)
        assert "too early" in check(examine(folder, "--port", "0"), "disk forecast")["detail"]
        grow(0.29, 3)  # less than a tenth of the free space a day: ten days
        found = check(examine(folder, "--port", "0"), "disk forecast")
        assert found["state"] == "warn" and "full in 10 days" in found["detail"] and found["cure"], found
        grow(5, 30)  # more, but more than a week ago, and only the last week counts: 0.29 / 7 a day
        found = check(examine(folder, "--port", "0"), "disk forecast")
        assert found["state"] == "ok" and "full in 24 days" in found["detail"], found


def check_log():
    """a log.db that is damaged, of another version or somebody else's fails; none is fine"""
    with Folder() as folder:
        data = folder.path / "d"
        data.mkdir()
        arguments = ("--port", "0", "--data", "d")
        assert check(examine(folder, *arguments), "log")["state"] == "ok"
        (data / "log.db").write_bytes(b"not a database at all" * 1000)
        found = check(examine(folder, *arguments), "log")
        assert found["state"] == "FAIL" and found["cure"], found

        (data / "log.db").unlink()
        with sqlite3.connect(data / "log.db") as database:
            database.execute("CREATE TABLE songs (title TEXT)")
        database.close()
        found = check(examine(folder, *arguments), "log")
        assert found["state"] == "FAIL" and "no log of Tidemark" in found["detail"], found

        with sqlite3.connect(data / "log.db") as database:
            database.execute("CREATE TABLE meta (key TEXT, value TEXT)")
            database.execute("INSERT INTO meta VALUES ('schema_version', '999')")
        database.close()
        found = check(examine(folder, *arguments), "log")
        assert found["state"] == "FAIL" and "999" in found["detail"], found


def check_settings_problems():
    """a wrong setting is a failed check, and everything else is examined all the same"""
    with Folder() as folder:
        folder.write("tidemark.toml", "prot = 1\n")
        report = examine(folder, "--port", "0", "--speed", "fast")
        wrong = [found["detail"] for found in report["checks"] if found["subject"] == "setting"]
        assert len(wrong) == 2 and not report["healthy"], wrong
        assert check(report, "port")["state"] == "ok"


def check_replay_files():
    """a file that replay cannot read fails"""
    with Folder() as folder:
        folder.write("there.jsonl", "")
        report = examine(folder, "--port", "0", "there.jsonl", "missing.jsonl")
        states = [found["state"] for found in report["checks"] if found["subject"] == "replay"]
        assert states == ["ok", "FAIL"], states


def check_token_file_that_others_can_read():
    """a token file that others can read is a warning"""
    with Folder() as folder:
        os.chmod(folder.write("token", "0123456789abcdef\n"), 0o644)
        assert check(examine(folder, "--port", "0", "--token-file", "token"), "token")["state"] == "warn"
        os.chmod(folder.path / "token", 0o600)
        report = examine(folder, "--port", "0", "--token-file", "token")
        assert [found["state"] for found in report["checks"] if found["subject"] == "token"] == ["ok"]
