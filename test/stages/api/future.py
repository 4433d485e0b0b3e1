"""A bar of the future on standard input: rejected by default; if it is allowed, its effect is reported."""

import contextlib
import sqlite3
import subprocess

import contract
from server_program import running, wait_for


def bar(timestamp):
    return f'{{"symbol":"ABC","timestamp":"{timestamp}","open":100,"high":100,"low":100,"close":100,"volume":1000}}\n'


FIRST, OTHERS = bar("2020-01-06T15:00:00Z"), [bar(f"2020-01-06T15:{minute:02}:00Z") for minute in range(1, 11)]
FUTURE = bar("2099-01-01T00:00:00Z")


def write(program, *lines):
    program.process.stdin.write("".join(lines))
    program.process.stdin.flush()


def status_with(program, **account):
    def status():
        said = program.ask("/api/v1/status").json()
        return said if all(said["account"][name] == count for name, count in account.items()) else None

    return wait_for(account, status)


def limits(data):
    with contextlib.closing(sqlite3.connect(f"file:{data / 'log.db'}?mode=ro", uri=True)) as log:
        return [value for (value,) in log.execute("SELECT value FROM alpaca_trends WHERE kind = 'limit' ORDER BY offset")]


def case_a_bar_of_the_future_on_standard_input_is_rejected_and_closes_nothing(data):
    with running("--feed", "stdin", data=data, stdin=subprocess.PIPE) as program:
        write(program, FIRST, FUTURE, *OTHERS)
        status = status_with(program, accepted=11, late=0, rejected=1)
        assert (status["watermark"], status["watermark_jump"]) == ("2020-01-06T15:08:00Z", None), status
        (letter,) = program.ask("/api/v1/dead-letters").json()["dead_letters"]
        assert (letter["letter"]["reason"], letter["letter"]["field"], letter["letter"]["record"]) == ("ahead_of_feed", "timestamp", FUTURE.strip()), letter
        # By hand: a bar a minute from 15:00 to 15:10. The watermark is 15:08, so windows that end from 15:01 to 15:08 are final.
        ended = lambda: [row["window_end"][11:16] for row in program.ask("/api/v1/trends?symbol=ABC&status=final").json()["trends"]]
        wait_for("the finals", lambda: ended() == [f"15:{minute:02}" for minute in range(1, 9)])
        assert wait_for("the journal", lambda: program.event("bars.rejected"))["reason"] == "ahead_of_feed timestamp"
        assert not program.event("watermark.jumped")
    # The limit is a record: a start with the same limit writes none, and a changed limit is written.
    for more, expected in (((), ["3600"]), (("--max-ahead", "2h"), ["3600", "7200"]), (("--max-ahead", "off"), ["3600", "7200", "0"])):
        with running("--feed", "stdin", *more, data=data, stdin=subprocess.PIPE):
            pass
        assert limits(data) == expected, (more, limits(data))


def case_without_a_limit_the_bar_that_made_others_late_is_told(data):
    with running("--feed", "stdin", "--max-ahead", "off", data=data, stdin=subprocess.PIPE) as program:
        write(program, FIRST, FUTURE)
        assert status_with(program, accepted=2)["watermark_jump"] is None, "nothing is late behind it"
        assert not program.event("watermark.jumped")
        write(program, *OTHERS)
        status = status_with(program, accepted=2, late=10)
        expected = {"bar": "2099-01-01T00:00:00Z", "from": "2020-01-06T14:58:00Z", "to": "2098-12-31T23:58:00Z", "late": 10}
        assert status["watermark_jump"] == expected, status
        contract.check(status, "/components/schemas/Status")
        said = wait_for("the journal", lambda: program.event("watermark.jumped"))
        told = {name: said[name] for name in ("position", "symbol", "bar", "from", "to")}
        assert told == {"position": "alpaca_trends:1", "symbol": "ABC", "bar": expected["bar"], "from": expected["from"], "to": expected["to"]}, said
