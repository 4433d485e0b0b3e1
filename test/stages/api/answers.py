"""The program's answers against contract/schema/openapi.yaml."""

import gzip
import re
import subprocess
from datetime import datetime, timedelta

import openapi_spec_validator
from prometheus_client.parser import text_string_to_metric_families

import contract
from server_program import running, wait_for

TOKEN = "a-token-of-some-length"
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def case_the_openapi_file_is_valid(_):
    openapi_spec_validator.validate(contract.OPENAPI, base_uri=contract.FILE.as_uri())


# One request for each documented answer: target, headers. Requests that need a token go to a program that has one.
PLAIN = {
    ("/", 200): ("/", {}),
    ("/", 304): ("/", {"If-None-Match": "*"}),
    ("/healthz", 200): ("/healthz", {}),
    ("/readyz", 200): ("/readyz", {}),
    ("/metrics", 200): ("/metrics", {}),
    ("/api/v1/status", 200): ("/api/v1/status", {}),
    ("/api/v1/status", 400): ("/api/v1/status?verbose=yes", {}),
    ("/api/v1/symbols", 200): ("/api/v1/symbols?limit=3", {}),
    ("/api/v1/symbols", 400): ("/api/v1/symbols?limit=0", {}),
    ("/api/v1/symbols/chosen", 200): ("/api/v1/symbols/chosen", {}),
    ("/api/v1/symbols/chosen", 400): ("/api/v1/symbols/chosen?all=1", {}),
    ("/api/v1/trends", 200): ("/api/v1/trends?symbol=AAPL&from=2000-01-01+00:00:00&status=final&limit=3", {}),
    ("/api/v1/trends", 400): ("/api/v1/trends?limit=many", {}),
    ("/api/v1/bars", 200): ("/api/v1/bars?symbol=AAPL&limit=3", {}),
    ("/api/v1/bars", 400): ("/api/v1/bars", {}),
    ("/api/v1/history", 200): ("/api/v1/history?symbol=AAPL&from=2000-01-01+00:00:00&limit=3", {}),
    ("/api/v1/history", 304): ("/api/v1/history?symbol=AAPL", {"If-None-Match": "*"}),
    ("/api/v1/history", 400): ("/api/v1/history", {}),
    ("/api/v1/dead-letters", 200): ("/api/v1/dead-letters", {}),
    ("/api/v1/dead-letters", 400): ("/api/v1/dead-letters?limit=101", {}),
    ("/api/v1/replays", 200): ("/api/v1/replays", {}),
    ("/api/v1/replays/{id}", 404): ("/api/v1/replays/nobody", {}),
    ("/api/v1/live", 101): ("/api/v1/live?symbols=AAPL&history=2", UPGRADE),
    ("/api/v1/live", 400): ("/api/v1/live?history=all", UPGRADE),
    ("/api/v1/live", 403): ("/api/v1/live", {**UPGRADE, "Origin": "https://elsewhere.example"}),
    ("/api/v1/live", 426): ("/api/v1/live", {}),
}
WITH_TOKEN = {
    ("/", 401): ("/", {}),
    ("/", 303): (f"/?token={TOKEN}", {}),
}
# These states last only a moment in a healthy program; a unit test of io/serve covers the first. 409: choices.py.
# Replays: replays.py. History: history.py; its 422 is that of a question (questions.py).
ELSEWHERE = {("/api/v1/history", 403), ("/api/v1/history", 422), ("/api/v1/history", 429), ("/api/v1/history", 503), ("/api/v1/dead-letters", 404), ("/api/v1/dead-letters", 503), ("/readyz", 503), ("/api/v1/replays", 403), ("/api/v1/replays/{id}", 403), ("/api/v1/replays/{id}", 200), ("/api/v1/symbols/chosen", 503), ("/api/v1/symbols/chosen", 409)}


def judge(program, path, status, pointer, target, headers):
    answer = program.ask(target, headers=headers)
    where = f"{target}: {answer.status} {answer.body[:300]}"
    assert answer.status == status, where
    content = contract.at(pointer).get("content", {})
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    assert not content or kind in content, f"{where} is {kind}"
    if kind == "application/json":
        contract.check(answer.json(), f"{pointer}/content/application~1json/schema")
    assert answer.headers["X-Content-Type-Options"] == "nosniff" or status == 101, where


def case_every_documented_answer_is_given_in_its_shape(data):
    named = {(path, status): pointer for method, path, status, pointer in contract.documented() if method == "GET"}
    asked = set(PLAIN) | set(WITH_TOKEN) | ELSEWHERE
    assert set(named) == asked, f"documented or asked, not both: {set(named) ^ asked}"
    with running(data=data) as program:
        wait_for("rows", lambda: program.ask("/api/v1/symbols").json()["symbols"])
        for (path, status), request in PLAIN.items():
            judge(program, path, status, named[path, status], *request)
    with running(data=data, environment={"TIDEMARK_TOKEN": TOKEN}) as program:
        for (path, status), request in WITH_TOKEN.items():
            judge(program, path, status, named[path, status], *request)


def case_the_rejected_are_told_newest_first_with_their_own_text(data):
    with running("--feed", "stdin", "--max-ahead", "off", data=data, stdin=subprocess.PIPE) as program:
        program.process.stdin.write('{ no json\n{"symbol":"A"}\n')
        program.process.stdin.flush()
        wait_for("both", lambda: program.ask("/api/v1/status").json()["account"]["rejected"] == 2)
        answer = program.ask("/api/v1/dead-letters?limit=5").json()
        contract.check(answer, "/paths/~1api~1v1~1dead-letters/get/responses/200/content/application~1json/schema")
        letters = [(entry["offset"], entry["letter"]["reason"], entry["letter"]["record"]) for entry in answer["dead_letters"]]
        assert letters == [(1, "missing", '{"symbol":"A"}'), (0, "bad_json", "{ no json")], letters
        assert len(program.ask("/api/v1/dead-letters?limit=1").json()["dead_letters"]) == 1


def case_head_says_what_get_would(data):
    with running(data=data) as program:
        for target in ("/", "/healthz", "/api/v1/symbols?x=1", "/nothing"):
            get, head = program.ask(target), program.ask(target, "HEAD")
            assert head.body == b"" and head.status == get.status, target
            assert head.headers.items() == get.headers.items(), f"{target}: {head.headers} {get.headers}"


def case_errors_are_json_everywhere(data):
    with running(data=data) as program:
        for target, method, body, status in (
            ("/nothing", "GET", None, 404),
            ("/api/v1/status", "POST", b"{}", 405),
            ("/", "DELETE", None, 405),
            ("/healthz", "PUT", b"x" * 100_000, 413),
            ("/" + "x" * 20_000, "GET", None, 431),
        ):
            answer = program.ask(target, method, body=body)
            assert answer.status == status, f"{method} {target[:20]}: {answer.status}"
            contract.check(answer.json(), "/components/schemas/Error")
            assert status != 405 or answer.headers["Allow"] == "GET, HEAD"


def case_questions_are_answered_alike_whoever_asks(data):
    with running("--speed", "1", data=data) as program:
        wait_for("rows", lambda: len(program.ask("/api/v1/symbols").json()["symbols"]) == 5)
        ask = lambda query: program.ask("/api/v1/trends?" + query).json()["trends"]
        rows = ask("limit=10000&status=final")
        order = [(row["symbol"], row["window_start"]) for row in rows]
        assert order == sorted(set(order)), "sorted by symbol and window, each once"
        starts = sorted({row["window_start"] for row in rows})
        assert len(starts) > 20, f"two hours of windows, not {len(starts)}"
        begin, end = starts[5], starts[12]
        asked = ask(f"symbol=AAPL&status=final&from={begin.replace(' ', 'T')}Z&to={end.replace(' ', '+')}")
        assert asked == [row for row in rows if row["symbol"] == "AAPL" and begin <= row["window_start"] < end]
        before = [row for row in rows if row["window_start"] < end]
        newest = sorted(before, key=lambda row: (-starts.index(row["window_start"]), row["symbol"]))[:7]
        assert ask(f"limit=7&status=final&to={end.replace(' ', '%20')}") == sorted(
            newest, key=lambda row: (row["symbol"], row["window_start"])
        ), "the newest windows stay"
        newest_bar = lambda: program.ask("/api/v1/bars?symbol=AAPL&limit=1").json()["bars"][0][1]
        bar = None
        while bar != newest_bar():  # a minute may pass between the questions
            bar = newest_bar()
            newest = program.ask("/api/v1/symbols").json()["symbols"]
        assert [entry["symbol"] for entry in newest] == ["AAPL", "AMZN", "GOOGL", "MSFT", "TSLA"]
        assert all(entry["trend"]["symbol"] == entry["symbol"] for entry in newest)
        filled = datetime.strptime(bar, "%Y-%m-%dT%H:%M:%SZ") + timedelta(minutes=1)
        shown = newest[0]["trend"]
        assert shown["window_end"] == filled.strftime("%Y-%m-%d %H:%M:%S") and not newest[0]["forming"], "the window that the newest bar filled"


def case_the_page_is_whole_and_kept_by_browsers(data):
    with running(data=data) as program:
        page = program.ask("/")
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        links = re.findall(r'(?:src|href)="(/[^"]+)"', page.body.decode())
        if not links:
            return "this binary was built without its page"
        for link in ["/", *links]:
            plain = program.ask(link)
            packed = program.ask(link, headers={"Accept-Encoding": "gzip"})
            assert plain.status == packed.status == 200, link
            if packed.headers.get("Content-Encoding") == "gzip":
                assert gzip.decompress(packed.body) == plain.body, link
                assert packed.headers["ETag"] != plain.headers["ETag"], link
            again = program.ask(link, headers={"If-None-Match": plain.headers["ETag"]})
            assert again.status == 304 and again.body == b"", link


def case_metrics_are_read_by_prometheus_and_add_up(data):
    with running("--speed", "60", data=data) as program:
        wait_for("bars", lambda: program.ask("/api/v1/status").json()["account"]["read"] > 0)
        answer = program.ask("/metrics")
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        families = {family.name: family for family in text_string_to_metric_families(answer.body.decode())}
        for name, family in families.items():
            assert family.documentation and family.type in ("counter", "gauge", "histogram"), name
            assert re.fullmatch(r"(tidemark|process)_[a-z0-9_]+", name), name
        samples = {s.labels["outcome"]: s.value for s in families["tidemark_records"].samples if "outcome" in s.labels}
        assert set(samples) == {"accepted", "duplicate", "corrected", "late", "rejected"}
        assert samples["accepted"] > 0
        account = program.ask("/api/v1/status").json()["account"]
        assert account["read"] == sum(value for name, value in account.items() if name != "read")
        assert sum(samples.values()) <= account["read"]
        assert families["tidemark_ready"].samples[0].value == 1
        buckets = [s.value for s in families["tidemark_push_seconds"].samples if s.name.endswith("_bucket")]
        assert buckets == sorted(buckets)
