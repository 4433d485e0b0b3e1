"""Verbs between pipes: simulate into trends, readers that go away, full disks, input that breaks off."""

import gzip
import json
import os
import pty
import signal
import sqlite3
import subprocess
import zipfile
import zlib

from program import PATIENCE, TIDEMARK, Folder, end


def check_simulate_into_trends():
    """simulate | trends gives every window of every symbol once, by end and symbol, and the account adds up"""
    with Folder() as folder:
        bars = folder.run("simulate", "--symbols", "BBB,AAA", "--minutes", "30")
        assert bars.returncode == 0 and len(bars.stdout.splitlines()) == 60
        said = folder.run("trends", "--stats", stdin=bars.stdout)
        assert said.returncode == 0, said.stderr
        rows = [json.loads(line) for line in said.stdout.splitlines()]
        # A bar is in five windows, and the first begins four minutes before the first bar: 30 + 4 for each symbol.
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


def bar(symbol, minute):
    return (f'{{"symbol":"{symbol}","timestamp":"2026-01-05T14:{minute:02d}:00Z","open":1,"high":1,"low":1,"close":1,"volume":1}}\n')


def check_left_out():
    """what is in no trend is told in one line on standard error, with its place, what it is and the cure; the exit code stays 0"""
    with Folder() as folder:
        folder.write("bars.csv", "symbol,timestamp,open,high,low,close,volume\nA,2026-01-05T14:30:00Z,1,1,1,1,1\n")
        said = folder.run("trends", "bars.csv")
        assert said.returncode == 0 and said.stdout == "", said
        assert said.stderr == ("tidemark trends: 2 of 2 records rejected (the first: bars.csv:1, bad_json): this is CSV, which "
                               "`tidemark import` reads; --rejects FILE keeps them, each with its reason\n"), said.stderr
        folder.write("day.jsonl", "".join(bar(symbol, minute) for symbol in "AB" for minute in range(30)))
        said = folder.run("trends", "day.jsonl")
        assert "23 of 60 records late" in said.stderr and "(the first: day.jsonl:31)" in said.stderr and "--sort" in said.stderr, said.stderr
        assert folder.run("trends", stdin=bar("A", 1)).stderr == ""


def check_sort():
    """--sort gives every window of a file that is sorted by symbol, also where sorting takes temporary files, and leaves none"""
    with Folder() as folder:
        market = folder.run("simulate", "--symbols", "150", "--minutes", "300").stdout
        by_symbol = sorted(market.splitlines(keepends=True), key=lambda line: json.loads(line)["symbol"])
        folder.write("by-symbol.jsonl", "".join(by_symbol))
        expected = folder.run("trends", stdin=market).stdout
        assert folder.run("trends", "by-symbol.jsonl").stdout != expected
        (folder.path / "scratch").mkdir()
        for memory in ("512MB", "4MB"):
            said = folder.run("trends", "--sort", "--sort-memory", memory, "--threads", "2", "by-symbol.jsonl",
                              environment={"TMPDIR": str(folder.path / "scratch")})
            assert said.stdout == expected and said.stderr == "", said.stderr
        assert not list((folder.path / "scratch").iterdir())
        missing = folder.run("trends", "--sort", "--sort-memory", "4MB", "by-symbol.jsonl", environment={"TMPDIR": "/nowhere"})
        assert missing.returncode == 1 and "/nowhere" in missing.stderr and "TMPDIR" in missing.stderr, missing


def check_packed():
    """trends reads Zstandard and ZIP by content; an archive of several files is refused with their names, one in a pipe with a cure"""
    with Folder() as folder:
        content = bar("A", 1).encode()
        expected = folder.run("trends", stdin=content.decode()).stdout
        # A handmade frame of Zstandard: magic, one segment of so many bytes, one raw block, which is the last.
        frame = b"\x28\xb5\x2f\xfd\x20" + bytes([len(content)]) + (len(content) << 3 | 1).to_bytes(3, "little") + content
        (folder.path / "bars").write_bytes(frame)
        assert folder.run("trends", "bars").stdout == expected != ""
        for names in (["a.jsonl"], ["a.jsonl", "b.jsonl"]):
            with zipfile.ZipFile(folder.path / f"{len(names)}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                for name in names:
                    archive.writestr(name, content)
        assert folder.run("trends", "1.zip").stdout == expected
        several = folder.run("trends", "2.zip")
        assert several.returncode == 2 and "holds 2 files (a.jsonl, b.jsonl)" in several.stderr, several
        piped = subprocess.run([TIDEMARK, "trends"], input=(folder.path / "1.zip").read_bytes(), capture_output=True,
                               timeout=PATIENCE)
        assert piped.returncode == 2 and b"unzip -p" in piped.stderr, piped


RUN = ("run", "--speed", "max", "--exit-at-end", "--port", "0")


def check_run_left_out():
    """run says in its journal what is in no trend, and --sort cures it"""
    with Folder() as folder:
        folder.write("bars.csv", "symbol,timestamp,open,high,low,close,volume\nA,2026-01-05T14:30:00Z,1,1,1,1,1\n")
        said = folder.run(*RUN, "--data", "one", "bars.csv")
        assert said.returncode == 0 and "bars.rejected" in said.stderr and "this is CSV" in said.stderr, said.stderr
        folder.write("day.jsonl", "".join(bar(symbol, minute) for symbol in "AB" for minute in range(30)))
        said = folder.run(*RUN, "--data", "two", "day.jsonl")
        assert "bars.late" in said.stderr and "records=23" in said.stderr and "--sort" in said.stderr, said.stderr
        said = folder.run(*RUN, "--data", "three", "--sort", "day.jsonl")
        assert said.returncode == 0 and "bars.late" not in said.stderr, said.stderr
        count = folder.run("query", "--data", "three", "--format", "csv", "SELECT symbol, count(*) FROM stock_trends GROUP BY 1 ORDER BY 1")
        assert count.stdout.splitlines()[1:] == ["A,34", "B,34"], count


def check_console():
    """run --console writes finals to standard output, as trends does in a pipe, aligned and coloured on a terminal; it may lose its reader"""
    with Folder() as folder:
        folder.write("day.jsonl", "".join(bar(symbol, minute) for minute in range(30) for symbol in "AB"))
        expected = folder.run("trends", "day.jsonl").stdout
        said = folder.run(*RUN, "--data", "one", "--console", "json", "day.jsonl")
        assert said.returncode == 0 and said.stdout == expected, said
        updates = folder.run(*RUN, "--data", "two", "--console", "json", "--updates", "day.jsonl").stdout.splitlines()
        assert [line for line in updates if '"status":"final"' in line] == expected.splitlines() and len(updates) >= len(expected.splitlines())
        for colour, environment in ((True, {"TERM": "xterm"}), (False, {"TERM": "xterm", "NO_COLOR": "1"}), (False, {"TERM": "dumb"})):
            table = on_terminal(folder, [*RUN, "--data", f"t{len(environment)}{environment['TERM']}", "--console", "table", "day.jsonl"], environment)
            assert table.splitlines()[0].startswith("window end (UTC)") and len(table.splitlines()) == 1 + 68, table
            assert ("\x1b[" in table) == colour or "NEUTRAL" in table, table
        gone = subprocess.run(["bash", "-c", f"{TIDEMARK} {' '.join(RUN)} --data gone --console json day.jsonl | head -n 1"],
                              cwd=folder.path, capture_output=True, text=True, timeout=PATIENCE)
        assert gone.stdout == expected.splitlines(keepends=True)[0], gone
        count = folder.run("query", "--data", "gone", "--format", "csv", "SELECT count(*) FROM stock_trends")
        assert count.stdout.splitlines()[1:] == ["68"], count
        wrong = folder.run(*RUN, "--data", "w", "--updates", "day.jsonl")
        assert wrong.returncode == 2 and "updates: belongs to console" in wrong.stderr, wrong


def on_terminal(folder, words, environment):
    """The output of a program whose standard output is a terminal."""
    ours, theirs = pty.openpty()
    process = folder.start(*words, stdout=theirs, stderr=subprocess.DEVNULL, environment=environment)
    os.close(theirs)
    text = b""
    try:
        while True:
            piece = os.read(ours, 65_536)
            if not piece:
                break
            text += piece
    except OSError:  # the other end is closed
        pass
    finally:
        assert process.wait(PATIENCE) == 0
        os.close(ours)
    return text.decode().replace("\r\n", "\n")


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
        said = folder.run("run", "--feed", "stdin", "--max-ahead", "off", "--exit-at-end", "--data", "data", "--port", "0", stdin=lines)
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
