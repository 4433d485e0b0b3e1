"""Who may ask, and what a wrong set-up is told."""

import asyncio
import http.client
import json
import os
import socket
import stat
import subprocess

import websockets

import contract
from program import running

TOKEN = "a-token-of-some-length"


def refused(*arguments, environment=None):
    done = subprocess.run(
        [os.environ["TIDEMARK"], "run", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, **(environment or {})},
    )
    return done.returncode, done.stderr


def connects(url, **more):
    async def main():
        try:
            async with websockets.connect(url, **more):
                return 101
        except websockets.InvalidStatus as refusal:
            return refusal.response.status_code

    return asyncio.run(main())


def case_a_foreign_page_cannot_listen(data):
    with running(data=data) as program:
        assert connects(program.live, origin="https://elsewhere.example") == 403
        assert connects(program.live, origin="null") == 403
        assert connects(program.live, origin=f"http://127.0.0.1:{program.port}") == 101
        assert connects(program.live) == 101


def case_a_foreign_name_for_this_machine_is_refused(data):
    with running(data=data) as program:
        for host, status in (
            ("elsewhere.example", 403),
            (f"elsewhere.example:{program.port}", 403),
            ("127.0.0.1.elsewhere.example", 403),
            (f"localhost:{program.port}", 200),
            (f"[::1]:{program.port}", 200),
        ):
            assert program.ask("/api/v1/status", headers={"Host": host}).status == status, host


def case_localhost_is_both_loopback_addresses(data):
    with running(data=data) as program:
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            return "this machine has no ::1"
        connection = http.client.HTTPConnection("::1", program.port, timeout=10)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200


def case_a_token_is_asked_for_everywhere(data):
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    with running(data=data, environment={"TIDEMARK_TOKEN": TOKEN}) as program:
        for target in ("/", "/metrics", "/api/v1/status", "/api/v1/live", "/nothing"):
            assert program.ask(target).status == 401, target
        assert program.ask("/api/v1/status", headers={"Authorization": "Bearer " + TOKEN[:-1]}).status == 401
        assert program.ask("/api/v1/status", headers=bearer).status == 200
        assert program.ask("/healthz").status == 200
        assert connects(program.live) == 401
        assert connects(program.live, additional_headers=bearer) == 101
        entry = program.ask(f"/?token={TOKEN}")
        assert entry.status == 303 and entry.headers["Location"] == "/"
        cookie, *attributes = entry.headers["Set-Cookie"].split("; ")
        assert {"HttpOnly", "SameSite=Strict"} <= set(attributes), attributes
        assert program.ask("/", headers={"Cookie": cookie}).status == 200
        assert connects(program.live, additional_headers={"Cookie": cookie}) == 101
        assert all(TOKEN not in str(event) for event in program.events), "a token has no place in the journal"


def case_the_owner_asks_by_the_control_socket(data):
    with running("--allowed-hosts", "desk.example", data=data, environment={"TIDEMARK_TOKEN": TOKEN}) as program:
        place = data / "tidemark.sock"
        assert stat.S_ISSOCK(place.stat().st_mode) and place.stat().st_mode & 0o777 == 0o600
        assert program.ask("/api/v1/status").status == 401
        assert program.ask_as_owner("/api/v1/status").json()["feed"]["name"] == "simulator"
        assert program.ask_as_owner("/", headers={"Host": "anything", "Origin": "null"}).status == 200
        copy = str(data) + "-copy"
        backup = subprocess.run([os.environ["TIDEMARK"], "backup", "--data", str(data), copy], capture_output=True, text=True)
        assert backup.returncode == 0 and not os.path.exists(copy + "/tidemark.sock"), backup.stderr
        program.kill()
        assert place.exists(), "killed, it leaves its socket behind"
    with running(data=data) as program:
        assert program.ask_as_owner("/healthz").status == 200, "the next one makes its own"
    assert not place.exists()


def case_a_redrive_is_a_change(data):
    json_type = {"Content-Type": "application/json"}
    schema = "/paths/~1api~1v1~1redrive/post/responses/{}/content/application~1json/schema"
    with running(data=data) as program:
        for status, body in ((200, {}), (200, {"append": [], "forget": []}), (400, []), (400, {"letters": []}), (400, {"append": {}}),
                             (400, {"forget": ["0"]}), (400, {"append": [{"letter": 0}]}), (400, {"append": [{"letter": 7, "record": "{}"}]})):
            answer = program.ask_as_owner("/api/v1/redrive", "POST", json_type, json.dumps(body))
            assert answer.status == status, f"{body}: {answer.status} {answer.body}"
            contract.check(answer.json(), schema.format(status))
        long = program.ask_as_owner("/api/v1/redrive", "POST", json_type, json.dumps({"append": [{"letter": 0, "record": "x" * 3_000_000}]}))
        assert long.status == 400 and "there is no dead letter at offset 0" in long.json()["error"]["message"], long.body
        answer = program.ask("/api/v1/redrive", "POST", json_type, "{}")
        assert answer.status == 403
        contract.check(answer.json(), schema.format(403))


def case_others_may_only_come_with_a_token(data):
    code, text = refused("--data", str(data), "--port", "0", "--address", "0.0.0.0")
    assert code == 2 and "token" in text, f"{code}: {text}"


def case_a_busy_port_is_told_with_its_cure(data):
    with running(data=data) as program:
        code, text = refused("--data", str(data) + "-other", "--port", str(program.port))
        assert code == 2 and "--port" in text and str(program.port) in text, f"{code}: {text}"
