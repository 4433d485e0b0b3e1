"""Verbs between pipes: simulate into trends, readers who go, disks that are full."""

import json
import os
import pty
import signal
import subprocess

from program import PATIENCE, Folder, end


def check_simulate_into_trends():
    """simulate | trends gives every window of every symbol once, by end and symbol, and the account adds up"""
    with Folder() as folder:
        bars = folder.run("simulate", "--symbols", "BBB,AAA", "--minutes", "30")
        assert bars.returncode == 0 and len(bars.stdout.splitlines()) == 60
        said = folder.run("trends", "--stats", stdin=bars.stdout)
        assert said.returncode == 0, said.stderr
        rows = [json.loads(line) for line in said.stdout.splitlines()]
        # A bar stands in five windows; the first begins four minutes before the first bar: 30 + 4 a symbol.
        assert len(rows) == 2 * 34 and {row["status"] for row in rows} == {"final"}
        keys = [(row["window_end"], row["symbol"]) for row in rows]
        assert keys == sorted(set(keys))
        assert sum(row["bar_count"] for row in rows) == 60 * 5
        assert json.loads(said.stderr) == {"read": 60, "accepted": 60, "duplicate": 0, "corrected": 0, "late": 0, "rejected": 0}


def check_simulate_is_the_same_again():
    """simulate gives the same bytes for the same options, others for another seed"""
    with Folder() as folder:
        once = folder.run("simulate", "--minutes", "50", "--seed", "3").stdout
        assert once == folder.run("simulate", "--minutes", "50", "--seed", "3").stdout
        assert once != folder.run("simulate", "--minutes", "50", "--seed", "4").stdout
        folder.run("simulate", "--minutes", "50", "--seed", "3", "--output", "file")
        assert (folder.path / "file").read_text() == once


def check_shuffle():
    """--shuffle 2m changes the order of the bars, loses none, and no trend of the default delay notices"""
    with Folder() as folder:
        market = ("simulate", "--symbols", "20", "--minutes", "100")
        straight, shuffled = folder.run(*market).stdout, folder.run(*market, "--shuffle", "2m").stdout
        assert straight != shuffled and sorted(straight.splitlines()) == sorted(shuffled.splitlines())
        assert shuffled == folder.run(*market, "--shuffle", "2m").stdout
        first, second = folder.run("trends", stdin=straight), folder.run("trends", "--stats", stdin=shuffled)
        assert first.stdout == second.stdout != ""
        assert json.loads(second.stderr)["late"] == 0


def check_reader_who_goes():
    """a reader who goes away ends the writer without a word, also when the parent ignored SIGPIPE"""
    with Folder() as folder:
        source = folder.write("bars.jsonl", folder.run("simulate", "--symbols", "200", "--minutes", "100").stdout)
        for words in (["simulate", "--symbols", "1000", "--minutes", "100000"], ["trends", source]):
            for ignored in (False, True):
                inherit = (lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN)) if ignored else None
                process = folder.start(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       restore_signals=not ignored, preexec_fn=inherit)
                try:
                    assert process.stdout.readline()
                    process.stdout.close()
                    said = process.stderr.read()
                    assert process.wait(PATIENCE) == -signal.SIGPIPE and said == b"", (words, process.returncode, said)
                finally:
                    end(process)


def check_full_disk():
    """a full disk is told, with 1"""
    with Folder() as folder, open("/dev/full", "w") as full:
        bars = folder.write("bars.jsonl", folder.run("simulate").stdout)
        for words in (["simulate"], ["trends", bars], ["simulate", "--output", "/dev/full"], ["trends", bars, "--output", "/dev/full"]):
            process = folder.start(*words, stdout=full, stderr=subprocess.PIPE)
            said = process.communicate(timeout=PATIENCE)[1].decode()
            assert process.returncode == 1 and "No space left" in said, (words, process.returncode, said)


def check_progress():
    """long work tells how far it is on a terminal, and only there"""
    words = ["simulate", "--symbols", "1000", "--minutes", "100000"]
    with Folder() as folder:
        ours, theirs = pty.openpty()
        process = folder.start(*words, stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        try:
            said = b""
            while b" left" not in said:
                said += os.read(ours, 1024)
            assert b"bars/s" in said and b"%" in said, said
        finally:
            end(process)
            os.close(ours)
        short = folder.run("simulate", "--symbols", "1000", "--minutes", "300")
        assert short.returncode == 0 and not short.stderr
