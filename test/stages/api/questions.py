"""SQL over the API: answers and refusals, and that no question harms the run."""

import json
import os
import pathlib
import socket

import contract
from server_program import running, wait_for

TOKEN = "a-token-of-some-length"
JSON = {"Content-Type": "application/json"}
ENDLESS = "SELECT count(*) FROM range(1000000) a, range(1000000000) b WHERE a.range % 7 = b.range % 11"
LONG = "1h"  # longer than any test waits, so that a question does not end by its time limit
POINTER = "/paths/~1api~1v1~1query/post/responses/"


def ask(program, sql, headers=None, **more):
    body = json.dumps({"sql": sql, **more})
    return program.ask("/api/v1/query", "POST", {**JSON, **(headers or {})}, body)


def refusal(answer, status):
    assert answer.status == status, f"{answer.status} {answer.body[:300]}"
    contract.check(answer.json(), "/components/schemas/Error")
    return answer.json()["error"]


def children(program):
    """The program's existing child processes, zombies included."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == program.process.pid:
            found.append(int(stat.parent.name))
    return found


def stored(program):
    """Waits until the lake holds something."""
    lake = pathlib.Path(program.data) / "lake"
    wait_for("the lake", lambda: list(lake.glob("stock_trends/*/*.parquet")) and list(lake.glob("bars/*/*.parquet")))


def case_a_question_in_hiveql_is_answered_and_no_double_has_an_exponent(data):
    with running("--store-every", "1s", data=data) as program:
        stored(program)
        answer = ask(program, "SELECT 8.12e-06::DOUBLE AS price, [-1.5e-07::DOUBLE] AS list, nvl(NULL, 1) AS n")
        assert b"[[0.00000812,[-0.00000015],1]]" in answer.body, answer.body
        # The run goes on between two questions; windows that ended before the newest are all there.
        ((newest,),) = ask(program, "SELECT max(window_end) FROM stock_trends").json()["rows"]
        counts = "SELECT symbol, count(*) FROM {} WHERE trend_signal <> {} AND window_end < '" + newest + "' GROUP BY symbol ORDER BY symbol"
        hive = ask(program, counts.format("`default`.stock_trends", '"NEUTRAL" AND window_start >= DATE_SUB("1970-01-02", 1)'))
        plain = ask(program, counts.format("stock_trends", "'NEUTRAL'"))
        assert hive.json()["rows"] == plain.json()["rows"] != [], hive.body
        wrong = refusal(ask(program, "SELECT avg_clsoe FROM default.stock_trends"), 400)
        assert "avg_close" in wrong["message"], wrong
        refusal(ask(program, "CREATE TABLE default.more (a INT)"), 400)


def case_a_question_is_answered_with_types_and_every_digit(data):
    with running("--store-every", "1s", data=data) as program:
        stored(program)
        answer = ask(program, "SELECT 1.50::DECIMAL(19,9) AS d, 'a\"b' AS t, NULL AS n, [1, 2] AS l, 'nan'::DOUBLE AS x")
        assert answer.status == 200, answer.body
        contract.check(answer.json(), POINTER + "200/content/application~1json/schema")
        assert b'[[1.500000000,"a\\"b",null,[1,2],null]]' in answer.body, answer.body
        said = answer.json()
        assert [column["type"] for column in said["columns"]] == ["DECIMAL(19,9)", "VARCHAR", "INTEGER", "INTEGER[]", "DOUBLE"]
        assert said["row_count"] == 1 and not said["truncated"]
        symbols = ask(program, "SELECT DISTINCT symbol FROM stock_trends ORDER BY 1").json()["rows"]
        assert symbols == [["AAPL"], ["AMZN"], ["GOOGL"], ["MSFT"], ["TSLA"]], symbols
        assert ask(program, "SELECT 1 WHERE false").json()["rows"] == []
        cut = ask(program, "FROM range(20000)").json()
        assert cut["truncated"] and cut["row_count"] == len(cut["rows"]) == 10_000
        whole = ask(program, "FROM range(7)", max_rows=7).json()
        assert not whole["truncated"] and whole["rows"] == [[n] for n in range(7)]
        csv = ask(program, "FROM range(3)", format="csv", max_rows=2)
        assert csv.body == b"range\n0\n1\n" and csv.headers["Tidemark-Truncated"] == "true", csv.body
        assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert csv.headers["Tidemark-Guarded"] == "false"
        formulas = "SELECT '=1+1' AS a, '-0.5' AS b, -0.5 AS c"
        guarded = ask(program, formulas, format="csv")
        assert guarded.body == b"a,b,c\n'=1+1,-0.5,-0.5\n" and guarded.headers["Tidemark-Guarded"] == "true", guarded.body
        assert guarded.headers["Tidemark-Truncated"] == "false"
        raw = ask(program, formulas, format="csv", raw=True)
        assert raw.body == b"a,b,c\n=1+1,-0.5,-0.5\n" and raw.headers["Tidemark-Guarded"] == "false", raw.body
        assert ask(program, formulas, raw="yes").status == 400


def case_nothing_but_the_lake_can_be_reached(data):
    with running("--store-every", "1s", data=data, environment={"TIDEMARK_LOG_LEVEL": "info", "A_SECRET": TOKEN}) as program:
        stored(program)
        beside = pathlib.Path(data) / "beside"
        for sql in (
            "SELECT * FROM read_csv('/etc/passwd')",
            "SELECT * FROM read_text('/proc/self/environ')",
            "SELECT * FROM '/etc/passwd'",
            "SELECT * FROM glob('/*')",
            f"ATTACH '{data}/log.db' AS l (TYPE sqlite)",
            f"COPY (SELECT 1) TO '{beside}'",
            f"EXPORT DATABASE '{beside}'",
            "PRAGMA database_list; SELECT 1",
            "PRAGMA enable_external_access",
            "SET enable_external_access = true",
            "INSTALL httpfs",
            "LOAD httpfs",
            "CREATE TABLE t AS SELECT 1",
            "DROP VIEW bars",
            "SELECT 1; SELECT 2",
            "SELECT getenv('A_SECRET')",
            "SELECT * FROM query('ATTACH ''x'' AS y')",
            "SELECT ?",
            "",
        ):
            error = refusal(ask(program, sql), 400)
            assert TOKEN not in error["message"], error
        assert not beside.exists()
        error = refusal(ask(program, "SELECT symbol,\n  wrong FROM bars"), 400)
        assert error["field"] == "sql" and "LINE 2:   wrong" in error["message"], error
        assert error["message"].splitlines()[-1].strip() == "^", error
        for body, field in (
            (b"SELECT 1", None),
            (b"[]", "sql"),
            (b'{"sql":1}', "sql"),
            (b'{"sql":"SELECT 1","format":"table"}', "format"),
            (b'{"sql":"SELECT 1","max_rows":10001}', "max_rows"),
            (b'{"sql":"SELECT 1","max_rows":"5"}', "max_rows"),
            (b'{"sql":"SELECT 1","data":"/etc"}', "data"),
            (b'{"sql":"SELECT \\u0000"}', "sql"),
        ):
            error = refusal(program.ask("/api/v1/query", "POST", JSON, body), 400)
            assert error["field"] == field, (body, error)
        refusal(program.ask("/api/v1/query", "POST", JSON, b'{"sql":"' + b"x" * 70_000), 413)
        refusal(program.ask("/api/v1/query", "POST", {"Content-Type": "text/plain"}, b'{"sql":"SELECT 1"}'), 415)
        get = program.ask("/api/v1/query")
        assert refusal(get, 405) and get.headers["Allow"] == "POST"


def case_a_question_that_takes_too_long_is_ended(data):
    with running("--store-every", "1s", "--query-timeout", "1s", data=data) as program:
        stored(program)
        message = refusal(ask(program, ENDLESS), 422)["message"]
        assert "stopped after 1 s" in message and "raise query-timeout" in message, message
        assert children(program) == [], "no process and no zombie stays"


def case_a_question_that_asks_too_much_is_ended_and_the_run_goes_on(data):
    with running("--store-every", "1s", "--query-timeout", LONG, data=data) as program:
        stored(program)
        before = program.ask("/api/v1/status").json()["account"]["read"]
        hungry = ask(program, "SELECT list(range) FROM range(200000000)")
        assert "256 MB of memory" in refusal(hungry, 400)["message"]
        wide = ask(program, "SELECT repeat('x', 10000) FROM range(10000)")
        assert "16 MB" in refusal(wide, 422)["message"]
        assert ask(program, "SELECT 1").status == 200
        assert children(program) == [], "no process and no zombie stays"
        wait_for("more bars", lambda: program.ask("/api/v1/status").json()["account"]["read"] > before)


def request(sql):
    body = json.dumps({"sql": sql}).encode()
    head = b"POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


def asking(program, sql):
    """A client that waits for its answer."""
    client = socket.create_connection(("127.0.0.1", program.port))
    client.sendall(request(sql))
    return client


def case_of_many_questions_two_are_answered_at_once_and_the_page_is_served(data):
    with running("--store-every", "1s", "--query-timeout", LONG, data=data) as program:
        stored(program)
        clients = [asking(program, ENDLESS) for _ in range(2)]
        wait_for("both", lambda: len(children(program)) == 2)
        busy = ask(program, "SELECT 1")
        assert refusal(busy, 429) and busy.headers["Retry-After"] == "1"
        assert program.ask("/api/v1/status").status == 200
        for client in clients:
            client.close()
        wait_for("their end", lambda: not children(program))
        assert ask(program, "SELECT 1").status == 200


def case_a_question_ends_with_its_client_and_with_the_server(data):
    with running("--store-every", "1s", "--query-timeout", LONG, data=data) as program:
        stored(program)
        client = asking(program, ENDLESS)
        wait_for("the question", lambda: children(program))
        client.close()
        wait_for("its end", lambda: not children(program))
        client = asking(program, "SELECT 1")
        client.sendall(request("SELECT 1"))  # waits in the queue
        text = b""
        while text.count(b'"row_count":1') < 2:
            piece = client.recv(65_536)
            assert piece, text
            text += piece
        client.sendall(request(ENDLESS))
        (child,) = wait_for("the question", lambda: children(program))
        assert program.stop() == 0
        assert not os.path.exists(f"/proc/{child}"), "it outlived the server"


def case_questions_are_asked_by_who_may(data):
    with running(data=data) as program:
        for headers in ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Host": "elsewhere.example"}):
            refusal(ask(program, "SELECT 1", headers), 403)
    with running("--allow-query", "never", data=data) as program:
        assert "allow-query" in refusal(ask(program, "SELECT 1"), 403)["message"]
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    token = {"TIDEMARK_TOKEN": TOKEN}
    with running("--address", "0.0.0.0", data=data, environment=token) as program:
        refusal(ask(program, "SELECT 1"), 401)
        refusal(ask(program, "SELECT 1", bearer), 403)
    with running("--allowed-hosts", "desk.example", data=data, environment=token) as program:
        assert program.ask("/healthz", headers={"Host": "desk.example"}).status == 200
        refusal(ask(program, "SELECT 1", bearer), 403)
    more = ("--allow-query", "always", "--store-every", "1s", "--allowed-origins", "https://desk.example")
    with running("--address", "0.0.0.0", *more, data=data, environment=token) as program:
        stored(program)
        refusal(ask(program, "SELECT 1"), 401)
        assert ask(program, "SELECT 1", bearer).status == 200
        assert ask(program, "SELECT 1", {**bearer, "Origin": "https://desk.example"}).status == 200
