"""Access control, and the errors of a wrong set-up."""

import asyncio
import http.client
import json
import os
import re
import socket
import stat
import subprocess

import websockets

import contract
from server_program import running, wait_for

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


def conversation(program, *parts):
    """Sends the parts, each after the server has answered the one before, and reads until the server closes."""
    with socket.create_connection(("127.0.0.1", program.port), timeout=120) as client:
        heard = b""
        for part in parts[:-1]:
            client.sendall(part)
            heard += client.recv(65_536)
        client.sendall(parts[-1])
        while more := client.recv(65_536):
            heard += more
        return heard.decode()


def answers_in(text):
    return re.findall(r"HTTP/1\.1 (\d{3}) ", text)


def case_a_body_of_unclear_length_ends_the_connection(data):
    smuggled = b"GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = b"POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(smuggled), smuggled)
    with running(data=data) as program:
        for coding in (b"gzip", b"gzip, chunked", b"chunked, gzip", b"chunked, identity", b"identity", b"xchunked", b"chunked;a=b", b""):
            for body in (smuggled, chunk):
                text = conversation(program, head + b"Transfer-Encoding: " + coding + b"\r\n\r\n" + body)
                assert answers_in(text) in (["501"], ["400"]), f"{coding}: {text}"
                assert "Connection: close" in text, text
        twice = conversation(program, head + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk)
        assert answers_in(twice) in (["501"], ["400"]), twice
        both = conversation(program, head + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk)
        assert answers_in(both) in (["501"], ["400"]), both
        old = conversation(program, head.replace(b"/1.1", b"/1.0") + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)
        assert answers_in(old) == ["400"], old
        body = b'{"sql":"SELECT 1 AS one"}'
        good = conversation(program, head + b"Connection: close\r\nTransfer-Encoding: Chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        assert answers_in(good) == ["200"] and "one" in good, good


def case_a_client_that_waits_for_100_continue_is_told_to_go_on(data):
    body = b'{"sql":"SELECT 1 AS one"}'
    head = (b"POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n")
    with running(data=data) as program:
        assert answers_in(conversation(program, head % len(body), body)) == ["100", "200"]
        at_once = answers_in(conversation(program, head % len(body) + body))
        assert at_once in (["200"], ["100", "200"]), at_once
        assert answers_in(conversation(program, head % 10_000_000)) == ["413"], "nobody is told to send what is too large"


def case_http_1_0_stays_open_when_it_is_asked_to(data):
    ask = b"GET /api/v1/status HTTP/1.0\r\nHost: localhost\r\n"
    with running(data=data) as program:
        alone = conversation(program, ask + b"\r\n")
        assert answers_in(alone) == ["200"] and "Connection: keep-alive" not in alone, alone
        two = conversation(program, ask + b"Connection: keep-alive\r\n\r\n", ask + b"\r\n")
        assert answers_in(two) == ["200", "200"] and two.count("Connection: keep-alive") == 1, two


def case_one_address_cannot_take_every_seat(data):
    with running("--clients-per-address", "3", data=data) as program:
        def connect(source):
            return socket.create_connection(("127.0.0.1", program.port), timeout=120, source_address=(source, 0))

        held = [connect("127.0.0.1") for _ in range(3)]
        with connect("127.0.0.1") as refused_one:
            assert refused_one.recv(65_536).startswith(b"HTTP/1.1 429 "), "the fourth of one address"
        with connect("127.0.0.2") as other:
            other.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert other.recv(65_536).startswith(b"HTTP/1.1 200 "), "another address has its own"
        for each in held:
            each.close()
        wait_for("a seat that was given back", lambda: program.ask("/healthz").status == 200)
