"""Ctrl-C once and twice, and two processes on one data directory."""

import fcntl
import json
import re
import signal
import struct
import subprocess
import termios

from harness import Skip
from program import PATIENCE, Folder, deliver, end, wait_until


def bytes_waiting(stream):
    return struct.unpack("i", fcntl.ioctl(stream, termios.FIONREAD, b"\0" * 4))[0]


def check_one_signal_ends_trends():
    """one Ctrl-C or SIGTERM ends trends that waits on a pipe with 0; what was complete is out, in whole lines"""
    with Folder() as folder:
        bars = folder.run("simulate", "--minutes", "60").stdout
        for number in (signal.SIGINT, signal.SIGTERM):
            process = folder.start("trends", "--stats", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
            try:
                process.stdin.write(bars)
                process.stdin.flush()
                wait_until(lambda: bytes_waiting(process.stdout) > 0, "no trend came while the pipe was open")
                deliver(process, number)
                out, said = process.stdout.read(), process.stderr.read()
                assert process.wait(PATIENCE) == 0, (process.returncode, said)
                rows = [json.loads(line) for line in out.splitlines()]
                assert rows and {row["status"] for row in rows} == {"final"} and out.endswith("\n")
                account = json.loads(said)
                assert account["read"] == account["accepted"] == 300, account
            finally:
                end(process)


def check_second_signal_ends_at_once():
    """a second Ctrl-C ends trends at once with 130, even when nobody reads what it writes"""
    with Folder() as folder:
        bars = folder.write("bars.jsonl", folder.run("simulate", "--symbols", "200", "--minutes", "200").stdout)
        process = folder.start("trends", bars, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            pipe_size = fcntl.fcntl(process.stdout, 1032)  # F_GETPIPE_SZ
            wait_until(lambda: bytes_waiting(process.stdout) == pipe_size, "the pipe did not fill")
            deliver(process, signal.SIGINT)
            deliver(process, signal.SIGINT)
            assert process.wait(PATIENCE) == 130, process.returncode
        finally:
            end(process)


def started_run(folder, *more):
    """A run that owns its data directory; its journal goes to journal.txt."""
    with open(folder.path / "journal.txt", "w") as journal:
        process = folder.start("run", "--port", "0", "--data", "d", *more, stdin=subprocess.DEVNULL, stdout=journal, stderr=journal)

    def is_up():
        owner = folder.path / "d/tidemark.pid"
        return process.poll() is not None or (owner.exists() and owner.read_text().strip() == str(process.pid)
                                              and (folder.path / "d/log.db").exists())

    wait_until(is_up, "the run did not take its data directory")
    if process.poll() is not None and "not wired" in (folder.path / "journal.txt").read_text():
        raise Skip("run is not wired in this build")
    assert process.poll() is None, (folder.path / "journal.txt").read_text()
    return process


def check_second_process_is_refused():
    """a second run on a data directory is refused with 3 and the pid of the first; doctor tells it, query does not mind"""
    with Folder() as folder:
        first = started_run(folder)
        try:
            second = folder.run("run", "--port", "0", "--data", "d")
            assert second.returncode == 3 and str(first.pid) in second.stderr, (second.returncode, second.stderr)
            assert first.poll() is None, "the first goes on"

            said = folder.run("doctor", "--json", "--port", "0", "--data", "d")
            owner = [found for found in json.loads(said.stdout)["checks"] if found["subject"] == "owner"][0]
            assert owner["state"] == "warn" and str(first.pid) in owner["detail"], owner
            wait_until(lambda: (folder.path / "d/lake").exists(), "no lake was made")
            log = [found["detail"] for found in json.loads(folder.run("doctor", "--json", "--port", "0", "--data", "d").stdout)["checks"] if found["subject"] == "log"]
            whole, used = (float(number) for number in re.match(r"log\.db, ([0-9.]+) MB, ([0-9.]+) MB of it in use", log[0]).groups())
            assert 0 < used <= whole, log
            asked = folder.run("query", "SELECT count(*) AS n FROM stock_trends", "--data", "d", "--format", "csv")
            assert asked.returncode == 0, asked.stderr

            deliver(first, signal.SIGINT)
            assert first.wait(PATIENCE) == 0, (folder.path / "journal.txt").read_text()
        finally:
            end(first)
        third = started_run(folder)
        try:
            deliver(third, signal.SIGTERM)
            assert third.wait(PATIENCE) == 0
        finally:
            end(third)
