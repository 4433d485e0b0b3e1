"""Good requests, from which the others are made, and what is changed in them.

    draft = good(chance, corpus)      a request that the program answers
    mutate(draft, chance)             one change; several may be made
    draft.wire()                      its bytes
"""

import json

SYMBOLS = ("AAPL", "MSFT", "TSLA", "NVDA", "SPY", "BRK.B", "x")
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="


class Draft:
    """A request whose parts can still be changed."""

    __slots__ = ("method", "target", "version", "fields", "body", "chunks", "eol", "gap", "before", "tail")

    def __init__(self, method, target, fields, body=b"", chunks=None):
        self.method, self.target, self.version, self.fields, self.body = method, target, b"HTTP/1.1", fields, body
        self.chunks = chunks  # sizes of the pieces; None: a length
        self.eol, self.gap, self.before, self.tail = b"\r\n", b" ", b"", None
        if chunks is not None:
            self.fields.append([b"Transfer-Encoding", b"chunked"])
        elif body:
            self.fields.append([b"Content-Length", b"%d" % len(body)])

    def wire(self):
        parts = [self.before, self.method, self.gap, self.target, self.gap, self.version, self.eol]
        for name, value in self.fields:
            parts += (name, b": ", value, self.eol)
        parts.append(self.eol)
        parts.append(self.tail if self.tail is not None else self.body if self.chunks is None else chunked(self.body, self.chunks))
        return b"".join(parts)


def chunked(body, sizes, last=b"0\r\n\r\n"):
    pieces, at = [], 0
    for size in [*sizes, len(body)]:
        piece = body[at : at + size]
        if piece:
            pieces.append(b"%x\r\n%s\r\n" % (len(piece), piece))
        at += size
    return b"".join(pieces) + last


def mark_of(chance):
    """A name that the program does not know, and repeats in its refusal: it tells whose answer that is."""
    return b"m%d-%d" % (1 + chance.getrandbits(20), chance.getrandbits(40))


class Corpus:
    def __init__(self, token, port):
        self.token, self.host = token, b"localhost:%d" % port
        self.bearer = [b"Authorization", b"Bearer " + token]
        self.cookie = [b"Cookie", b"theme=dark; tidemark_token=" + token]
        self.origin = [b"Origin", b"http://" + self.host]

    def targets(self, chance):
        """A target of a read, and a mark that only this request has where that is an error."""
        draw = chance.random()
        if draw < 0.35:
            path = chance.choice((b"/api/v1/status", b"/api/v1/trends", b"/api/v1/bars", b"/api/v1/symbols", b"/api/v1/dead-letters"))
            return path + b"?%s=1" % mark_of(chance)
        if draw < 0.45:
            return b"/api/v1/trends?symbol=%s&limit=%d" % (chance.choice(SYMBOLS).encode(), chance.randrange(1, 20))
        if draw < 0.5:
            return b"/api/v1/trends?from=2026-11-22T14:30:00Z&to=2026-11-22+15:30:00&status=final&limit=3"
        if draw < 0.56:
            return b"/api/v1/bars?symbol=%s&limit=5" % chance.choice(SYMBOLS).encode()
        return chance.choice((b"/api/v1/status", b"/healthz", b"/readyz", b"/api/v1/symbols?limit=2", b"/api/v1/dead-letters?limit=1", b"/api/v1/replays",
                              b"/api/v1/replays/1", b"/nothing", b"/api/v1/query", b"/api/v1/live", b"/?token=" + self.token, b"/index.html", b"/favicon.ico",
                              b"/api/v1/symbols/chosen", b"/api/v1/redrive"))

    def read(self, chance):
        draw = chance.random()
        target = chance.choice((b"/metrics", b"/")) if draw < 0.01 else self.targets(chance)
        fields = [[b"Host", self.host]]
        draw = chance.random()
        if draw < 0.7:
            fields.append(self.bearer[:])
        elif draw < 0.8:
            fields.append(self.cookie[:])
        elif draw < 0.88:
            fields.append([b"Authorization", b"Bearer " + self.token[:-1]])
        if chance.random() < 0.3:
            fields += [[b"User-Agent", b"curl/8.5.0"], [b"Accept", b"*/*"], [b"Accept-Encoding", b"gzip, deflate, br"]]
        if chance.random() < 0.1:
            fields.append([b"If-None-Match", b'"%x"' % chance.getrandbits(64)])
        if chance.random() < 0.1:
            fields.append(self.origin[:])
        chance.shuffle(fields)
        return Draft(b"HEAD" if chance.random() < 0.08 else b"GET", target, fields)

    def change(self, chance):
        """A request with a body. Questions that would start a process are few."""
        draw, mark = chance.random(), mark_of(chance).decode()
        if draw < 0.002:
            target, said = b"/api/v1/query", {"sql": "SELECT 1 AS one"}
        elif draw < 0.4:
            target, said = b"/api/v1/query", {mark: "SELECT 1", "max_rows": 1}
        elif draw < 0.6:
            target, said = b"/api/v1/replays", {"day": "1999-01-04", mark: 1}
        elif draw < 0.7:
            target, said = b"/api/v1/replays/7", {"speed": 60}
        elif draw < 0.85:
            target, said = b"/api/v1/symbols/chosen", {"add": [mark]}
        else:
            target, said = b"/api/v1/redrive", {"append": [], "forget": []}
        body = json.dumps(said).encode()
        fields = [[b"Host", self.host], [b"Content-Type", b"application/json"]]
        if chance.random() < 0.85:
            fields.append(self.bearer[:])
        if chance.random() < 0.2:
            fields.append(self.origin[:])
        if chance.random() < 0.1:
            fields.append([b"Expect", b"100-continue"])
        chunks = None if chance.random() < 0.6 else [chance.randrange(1, 30) for _ in range(chance.randrange(4))]
        return Draft(b"POST", target, fields, body, chunks)

    def handshake(self, chance):
        query = chance.choice((b"?history=0&symbols=AAPL", b"?history=1", b"?parts=true&history=2", b"?epoch=0&sequence=1&history=0"))
        fields = [[b"Host", self.host], self.bearer[:], [b"Connection", b"Upgrade"], [b"Upgrade", b"websocket"], [b"Sec-WebSocket-Version", b"13"], [b"Sec-WebSocket-Key", KEY]]
        if chance.random() < 0.4:  # a network, as a proxy on this machine says it
            fields += [[b"X-Forwarded-For", b"203.0.113.9"], [b"Sec-WebSocket-Extensions", b"permessage-deflate; client_max_window_bits"]]
        if chance.random() < 0.3:
            fields.append(self.origin[:])
        return Draft(b"GET", b"/api/v1/live" + query, fields)

    def sentinel(self, chance):
        """A request that nothing is wrong with, and which status it gets."""
        fields = [[b"Host", self.host], self.bearer[:]]
        draw = chance.random()
        if draw < 0.6:
            return Draft(b"GET", b"/api/v1/status?%s=1" % mark_of(chance), fields), 400
        if draw < 0.8:
            return Draft(b"GET", b"/api/v1/trends?symbol=AAPL&limit=1", fields), 200
        if draw < 0.9:
            return Draft(b"GET", b"/api/v1/status", fields[:1]), 401
        return Draft(b"POST", b"/api/v1/query", [*fields, [b"Content-Type", b"application/json"]], b'{"%s":1}' % mark_of(chance)), 400
