"""Verbs between pipes: simulate into trends, readers who go, disks that are full, input that breaks off."""

import gzip
import json
import os
import pty
import signal
import sqlite3
import subprocess
import zlib

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


def check_closed_streams():
    """a stream that is closed stays closed: no file takes its place and gets what was meant for it"""
    with Folder() as folder:
        bars = folder.write("bars.jsonl", folder.run("simulate", "--minutes", "20").stdout)
        process = folder.start("trends", bars, "--late", "late", stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1))
        said = process.communicate(timeout=PATIENCE)[1].decode()
        assert process.returncode == 1 and "Bad file descriptor" in said, (process.returncode, said)
        assert (folder.path / "late").read_bytes() == b""


def check_input_that_breaks_off():
    """what came before the end of a file that is cut short is judged and written, by any number of threads; then 1"""
    with Folder() as folder:
        packed = gzip.compress(folder.run("simulate", "--symbols", "50", "--minutes", "390").stdout.encode())
        cut = packed[: len(packed) * 3 // 4]
        (folder.path / "cut.gz").write_bytes(cut)
        whole_lines = zlib.decompressobj(31).decompress(cut).decode().rpartition("\n")[0] + "\n"
        expected = folder.run("trends", "--keep-open", stdin=whole_lines).stdout
        assert expected.count("\n") > 10_000
        for threads in ("1", "2", "8"):
            said = folder.run("trends", "cut.gz", "--threads", threads)
            assert said.returncode == 1 and "cut.gz is cut short" in said.stderr, said.stderr
            assert said.stdout == expected, threads
        said = folder.run("run", "cut.gz", "--speed", "max", "--data", "data", "--port", "0")
        assert said.returncode == 1 and "cut.gz is cut short" in said.stderr, said.stderr
        stored = folder.run("query", "SELECT count(*) FROM stock_trends", "--data", "data", "--format", "csv").stdout
        assert int(stored.split()[-1]) == expected.count("\n"), stored


def check_records_too_long():
    """a record that is too long is the same dead letter in the filter and in a run, with its whole length"""
    with Folder() as folder:
        lines = "x" * 65_537 + "\n" + " " * 70_000 + "y\n" + "z" * 1_000_000 + "\r\n"
        assert folder.run("trends", "--rejects", "rejects", stdin=lines).returncode == 0
        said = folder.run("run", "--feed", "stdin", "--exit-at-end", "--data", "data", "--port", "0", stdin=lines)
        assert said.returncode == 0, said.stderr
        log = sqlite3.connect(folder.path / "data/log.db")
        letters = [
            [{**json.loads(text), "source": "", "position": 0} for text in texts]
            for texts in (
                (folder.path / "rejects").read_text().splitlines(),
                [row[0] for row in log.execute("SELECT value FROM alpaca_dead_letters ORDER BY offset")],
            )
        ]
        assert letters[0] == letters[1] and [letter["record_bytes"] for letter in letters[0]] == [65_537, 70_001, 1_000_000]


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
