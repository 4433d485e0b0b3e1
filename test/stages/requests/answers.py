"""Answers taken apart as they come, and whether each is one that this request may get from this program.

Each promise that is broken raises Broken with a sentence.
"""

import json
import re
import urllib.parse

import frames
from framing import MAYBE_HEAD, UNCLEAR

HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) [A-Za-z -]+")
FIELD = re.compile(rb"([A-Za-z-]+): ([\x20-\x7e]*)")
STATUSES = {100, 101, 200, 303, 304, 400, 401, 403, 404, 405, 413, 415, 421, 422, 426, 429, 431, 501, 503}
OPEN = (b'{"status":"alive"}', b'{"status":"ready"}', b"")  # what is told without a token; nothing to HEAD
LOOPBACK = re.compile(rb"(localhost|[^:\[\]]*\.localhost|127\.\d{1,10}\.\d{1,10}\.\d{1,10}|\[::1\]|\[localhost\])(:\d{0,5})?", re.IGNORECASE)
MARK = re.compile(rb"m\d+-\d+")
COOKIE = b"tidemark_token="


class Broken(Exception):
    """A promise that was broken."""


class Answer:
    __slots__ = ("status", "fields", "body", "closes")

    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body
        self.closes = fields.get(b"connection", b"").lower() == b"close"


class Reader:
    """Takes answers out of bytes. It is told the method of each request, because an answer to HEAD has no body."""

    def __init__(self, methods):
        self.methods, self.data, self.at = methods, bytearray(), 0
        self.answers, self.went_on, self.is_switched = [], 0, False

    def feed(self, data):
        self.data += data
        while not self.is_switched and self.take():
            pass
        if self.at > 1 << 16:
            del self.data[: self.at]
            self.at = 0

    def rest(self):
        return bytes(self.data[self.at :])

    def take(self):
        end = self.data.find(b"\r\n\r\n", self.at)
        if end < 0:
            return False
        line, *lines = bytes(self.data[self.at : end]).split(b"\r\n")
        head = HEAD.fullmatch(line)
        if not head:
            raise Broken(f"an answer that begins with {line[:80]!r}")
        status, fields = int(head[1]), {}
        for each in lines:
            field = FIELD.fullmatch(each)
            if not field or field[1].lower() in fields:
                raise Broken(f"an answer with the line {each[:80]!r}, which is none, or there twice")
            fields[field[1].lower()] = field[2]
        if status not in STATUSES:
            raise Broken(f"an answer with status {status}")
        if b"transfer-encoding" in fields:
            raise Broken("an answer with Transfer-Encoding")
        if status in (100, 101, 304):
            if b"content-length" in fields:
                raise Broken(f"{status} with a length")
            size = 0
        elif not fields.get(b"content-length", b"").isdigit():
            raise Broken(f"{status} without a length")
        else:
            number = len(self.answers)
            size = 0 if number < len(self.methods) and self.methods[number] in (b"HEAD", MAYBE_HEAD) else int(fields[b"content-length"])
        begin = end + 4
        if len(self.data) < begin + size:
            return False
        self.at = begin + size
        if status == 100:
            self.went_on += 1
            return True
        self.answers.append(Answer(status, fields, bytes(self.data[begin : self.at])))
        self.is_switched = status == 101
        return True


class Judge:
    """Whether an answer may be given to a request."""

    def __init__(self, token, port):
        self.token, self.hosts = token, {b"localhost:%d" % port, b"127.0.0.1:%d" % port}
        self.parsed = 0

    def check(self, request, answer):
        status = answer.status
        if status < 400:
            self.check_rights(request, answer)
        if request.kind == UNCLEAR and (status < 400 or not answer.closes):
            raise Broken(f"{status} for what has {request.why}, and the connection {'ends' if answer.closes else 'goes on'}")
        for mark in MARK.findall(answer.body[:400] if status < 400 else answer.body):
            if mark not in urllib.parse.unquote_to_bytes(request.target) and mark not in request.body:
                raise Broken(f"an answer that belongs to {mark!r}, for {request.target[:80]!r}")
        if answer.body and answer.fields.get(b"content-type") == b"application/json":
            self.check_json(answer)
        elif status >= 400 and status not in (401,) and answer.body:
            raise Broken(f"{status} that is no JSON: {answer.fields}")

    def check_json(self, answer):
        if answer.status < 400 and len(answer.body) > 4_096:
            self.parsed += 1
            if self.parsed % 16:  # long ones take long
                return
        try:
            said = json.loads(answer.body)
        except ValueError:
            raise Broken(f"{answer.status} with what is no JSON: {answer.body[:200]!r}") from None
        if answer.status >= 400 and set(said) != {"error"} and said.get("status") != "unready":
            raise Broken(f"{answer.status} with {answer.body[:200]!r}")

    def has_right(self, request):
        """Whether the token is anywhere where it may be; a request that has two may be let in."""
        for value in request.values(b"authorization"):
            if value[:7].lower() == b"bearer " and value[7:] == self.token:
                return True
        return any(COOKIE + self.token == pair.strip(b" ") for value in request.values(b"cookie") for pair in value.split(b";"))

    def check_rights(self, request, answer):
        """Of an answer that is no refusal."""
        what = f"{answer.status} for {request.method!r} {request.target[:100]!r}"
        if not request.is_sure():
            raise Broken(f"{what}, which is {request.kind}: {request.why}")
        hosts = request.values(b"host")
        if len(hosts) != 1 or not LOOPBACK.fullmatch(hosts[0]):
            raise Broken(f"{what} by the name {hosts}")
        if request.method not in (b"GET", b"HEAD", b"POST"):
            raise Broken(what)
        if request.method == b"POST" or answer.status == 101:
            for origin in request.values(b"origin")[:1]:
                if origin.lower().partition(b"://")[2] != hosts[0].lower():
                    raise Broken(f"{what} for a page of {origin!r}")
        if answer.status == 101:
            self.check_handshake(request, answer, what)
        if answer.status == 303:
            if self.token not in request.target or self.token not in answer.fields.get(b"set-cookie", b"") or self.token in answer.fields.get(b"location", b""):
                raise Broken(f"{what}, {answer.fields}")
        elif not self.has_right(request) and not (answer.body in OPEN and urllib.parse.unquote_to_bytes(request.target.split(b"?")[0]) in (b"/healthz", b"/readyz")):
            raise Broken(f"{what}, which had no token: {answer.body[:200]!r}")

    def check_handshake(self, request, answer, what):
        versions, keys = request.values(b"sec-websocket-version"), request.values(b"sec-websocket-key")
        if request.method != b"GET" or b"upgrade" not in request.tokens(b"connection") or b"websocket" not in request.tokens(b"upgrade"):
            raise Broken(f"{what}, which did not ask for it")
        if versions[:1] != [b"13"] or not keys or len(keys[0]) != 24:
            raise Broken(f"{what} of version {versions} with the key {keys}")
        if not answer.fields.get(b"sec-websocket-accept"):
            raise Broken(f"{what} without its answer to the key")

    def check_stream(self, sent, heard, is_packed, is_over):
        """The frames of both sides behind a handshake."""
        told = frames.Heard(sent, is_packed)
        try:
            said, at = frames.frames_of_server(heard)
        except ValueError as error:
            raise Broken(f"a stream with {error}") from None
        pings = iter(told.pings)
        for opcode, payload, was_packed in said:
            if was_packed and not is_packed:
                raise Broken("a packed frame, which nobody had agreed to")
            if opcode == 10 and not any(payload == ping for ping in pings):  # of several pings at once, the last may be answered alone
                raise Broken(f"a pong that nobody asked for: {payload!r}")
            if opcode == 1 and json.loads(payload)["type"] not in ("snapshot", "part", "resumed", "trends", "status"):
                raise Broken(f"a message of no kind: {payload[:100]!r}")
        goodbyes = [int.from_bytes(payload[:2], "big") for opcode, payload, _ in said if opcode == 8]
        if len(goodbyes) > 1 or (goodbyes and said[-1][0] != 8):
            raise Broken(f"goodbyes {goodbyes}, the last frame has opcode {said[-1][0]}")
        if is_over and told.codes is not None and (not goodbyes or goodbyes[0] not in told.codes or at != len(heard)):
            raise Broken(f"the goodbye is {goodbyes}, not of {told.codes}, behind {sent[:120]!r}")
