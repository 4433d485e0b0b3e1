"""What is changed in a good request: its first line, its target, its headers, its body and where that ends, its bytes."""

import zlib

import frames
from corpus import chunked

METHODS = (b"get", b"GeT", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"CONNECT", b"PRI", b"G", b"GET" * 20, b"GET\0", b"G ET", b"", b"GET/", b"PO\xffST", b"\x16\x03\x01", b"HEAD", b"POST", b"M-SEARCH", b"(GET)", b"Host:")
VERSIONS = (b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.2", b"HTTP/1.10", b"HTTP/01.1", b"http/1.1", b"HTTP/1.1 ", b"HTTP/1,1", b"HTTP/", b"", b"HTTPS/1.1", b"HTTP/1.1x", b"HTTP/-1.1", b"HTTP/1.\xb1", b"ICY/1.1")
PATHS = (b"*", b"", b"//", b"/..", b"/../../etc/passwd", b"/%2e%2e/%2e%2e/etc/passwd", b"/api/v1/../../healthz", b"/healthz/../api/v1/status", b"/healthz%2f..%2fapi/v1/status", b"/healthz;/api/v1/status",
         b"/healthz%00/api/v1/status", b"/%68ealthz", b"/api/v1/status%20", b"/API/V1/STATUS", b"/api//v1/status", b"/api/v1/status/", b"/./api/v1/status", b"http://localhost/api/v1/status", b"http://evil.example/", b"localhost:1",
         b"/%", b"/%g0", b"/%c0%af", b"/%ed%a0%80", b"/\xc3\xa4", b"/\xff", b"/a#b", b"/a\\b", b"/%0d%0aX:1", b"/?token", b"/api/v1/replays/-1", b"/api/v1/replays/99999999999999999999", b"/api/v1/replays/1/live", b"/assets/../index.html")
VALUES = (b"0", b"-1", b"1", b"00", b"9" * 40, b"1e3", b"0x10", b"%00", b"%", b"%zz", b"null", b"", b"'", b"<script>", b"\xff", b"%ff", b"a" * 33, b"2200-01-01", b"2026-02-30T00:00:00Z", b"1%2b1", b"true", b"AAPL,", b"=", b"+", b"\xe2\x80\xae")
NAMES = (b"symbol", b"limit", b"from", b"to", b"status", b"history", b"symbols", b"parts", b"epoch", b"sequence", b"token", b"", b"LIMIT", b"limit[]", b"x" * 300)
HOSTS = (b"evil.example", b"", b"127.0.0.1", b"[::1]", b"127.0.0.1.evil.example", b"localhost:", b"localhost:99999999", b"localhost:1:2", b"localhost, evil.example", b"localhost@evil.example", b"[::1]evil", b"\xff", b"127.evil.example", b"LOCALHOST",
         b"a.localhost", b"127.1", b"0.0.0.0", b"localhost.", b" localhost ", b"http://localhost")
ORIGINS = (b"null", b"https://evil.example", b"http://localhost", b"", b"file://", b"http://localhost:1@evil.example", b"://localhost", b"http://LOCALHOST")
LENGTHS = (b"0", b"1", b"-1", b"+5", b"5 ", b"0x5", b"05", b"5,5", b"5, 6", b"5;5", b"", b" ", b"5\t", b"1e1", b"99999999999999999999", b"18446744073709551615", b"18446744073709551616", b"70000", b"65536", b"65537", b"\xb5", b"five", b"5.0", b"4294967301")
CODINGS = (b"chunked", b"Chunked", b"CHUNKED", b"gzip", b"gzip, chunked", b"chunked, gzip", b"chunked, chunked", b"identity", b"xchunked", b"chunked;a=b", b"", b"\x0bchunked", b"chunked\x0b", b"\"chunked\"", b"chunked,", b",chunked", b"chun ked", b"chunked\xff")
NEAR_CODING = (b"Transfer-Encoding ", b"Transfer_Encoding", b"Transfer-Encoding\t", b"X-Transfer-Encoding", b" Transfer-Encoding", b"transfer-encoding", b"Content-Length ", b"Content_Length", b"Content-Length\0", b"\tContent-Length")
AUTHORIZATIONS = (b"Bearer", b"Bearer ", b"bearer %s", b"Bearer  %s", b"Bearer %s ", b"Bearer %s, Bearer x", b"Basic %s", b"Bearer %sx", b"%s", b"Bearer\t%s", b"Bearer \"%s\"", b"BEARER %s", b"Bearer x %s", b"Token %s")
CONNECTIONS = (b"close", b"keep-alive", b"Upgrade", b"close, keep-alive", b"keep-alive, close", b"Close", b"", b",,,", b"content-length", b"host", b"authorization", b"upgrade, close", b"\"close\"", b"keep-alive\x0b")
EXPECTATIONS = (b"100-continue", b"100-Continue", b"200-ok", b"", b"100-continue, 100-continue", b"100")
SIZES = (b"0x5", b"+5", b"-5", b" 5", b"5 ", b"5;a=b", b"5;a=\"b\r\n\"", b"g", b"", b"FFFFFFFFFFFFFFFF", b"FFFFFFFFFFFFFFFFF", b"10000000000000005", b"00000000000000005", b"0", b"5\t;x", b"7fffffff", b"80000000", b"5,5", b"5\x0b", b"10001")
TRAILERS = (b"X: y\r\n", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: evil.example\r\n", b"Authorization: Bearer x\r\n", b"no colon\r\n", b"X : y\r\n", b": y\r\n", b"X: a\r\n b\r\n", b"X: \0\r\n", b"X: y\n", b"X: " + b"y" * 20_000 + b"\r\n")
EOLS = (b"\n", b"\r", b"\r\r\n", b"\n\r", b"\r\n ", b"\0\r\n", b"")
GAPS = (b"  ", b"\t", b"", b" \t", b"\x0b", b"\xa0")
BEFORE = (b"\r\n", b"\r\n\r\n", b"\n", b"\r", b" ", b"\0", b"\xef\xbb\xbf", b"\r\n" * 40)


class Mutations:
    """`smuggled`: gives a request that must never be answered, because it stands in the body of another."""

    def __init__(self, corpus):
        self.corpus = corpus
        self.gentle = [self.target, self.query, self.query, self.header, self.names, self.rights, self.connection, self.body, self.expectation, self.upgrade]
        self.harsh = [self.method, self.version, self.lines, self.length, self.coding, self.chunk, self.chunk, self.bytes, self.many]

    def apply(self, draft, chance):
        """Most changes leave the request's end where it was, so that a connection bears several of them."""
        draw = chance.random()
        kinds = self.gentle if draw < 0.75 else self.harsh if draw < 0.9 else self.gentle + self.harsh
        for _ in range(1 if draw < 0.55 else chance.randrange(1, 5)):
            chance.choice(kinds)(draft, chance)
        wire = draft.wire()
        return scratched(wire, chance) if draw > 0.97 else wire

    def smuggled(self, chance):
        return b"GET /api/v1/status?%s=1 HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n" % (b"m0-%d" % chance.getrandbits(40), self.corpus.host, self.corpus.token)

    def method(self, draft, chance):
        draft.method = chance.choice(METHODS)

    def version(self, draft, chance):
        draft.version = b"HTTP/1.0" if chance.random() < 0.4 else chance.choice(VERSIONS)

    def target(self, draft, chance):
        draw = chance.random()
        if draw < 0.6:
            draft.target = chance.choice(PATHS)
        elif draw < 0.8:
            draft.target = scratched(draft.target, chance)
        elif draw < 0.97:
            draft.target = b"/" + b"".join(chance.choice((b"%2e", b".", b"/", b"%2f", b"a", b"%61", b"healthz", b"api", b"?", b"&", b"=")) for _ in range(chance.randrange(12)))
        else:
            draft.target += b"x" * chance.choice((1_000, 10_000, 15_000, 17_000, 40_000))

    def query(self, draft, chance):
        pairs = [b"%s=%s" % (chance.choice(NAMES), chance.choice(VALUES)) for _ in range(chance.randrange(1, 4))]
        if chance.random() < 0.2:
            pairs.append(chance.choice((b"&", b"&&&", b"=", b"?", b"a&a", b"%26=%3d", b"#x")))
        draft.target += (b"&" if b"?" in draft.target else b"?") + b"&".join(pairs)

    def header(self, draft, chance):
        at = chance.randrange(len(draft.fields) + 1)
        draw = chance.random()
        if draw < 0.3 and at < len(draft.fields):
            draft.fields[at][1] = scratched(draft.fields[at][1], chance)
        elif draw < 0.5 and at < len(draft.fields):
            del draft.fields[at]
        elif draw < 0.7 and at < len(draft.fields):
            draft.fields.insert(chance.randrange(len(draft.fields)), draft.fields[at][:])
        elif draw < 0.8 and at < len(draft.fields):
            draft.fields[at][0] = chance.choice((bytes.upper, bytes.lower, bytes.swapcase))(draft.fields[at][0])
        else:
            draft.fields.insert(at, [chance.choice((b"X", b"X-Forwarded-For", b"Forwarded", b"Content-Type", b"Accept-Encoding", b"Range", b"If-None-Match", b"Cookie", b"TE", b"Trailer", b"Via", b"X\0Y", b"X Y", b"X:", b"", b"\xc3\xa4")),
                                     chance.choice((b"", b"*", b"chunked", b"bytes=0-5", b"\x01", b"\0", b"\xff\xfe", b"a, b;q=0", b"y" * 300, b"application/json; charset=utf-8", b"text/plain", b"\x7f"))])

    def names(self, draft, chance):
        """Who it asks, and on behalf of which page."""
        if chance.random() < 0.6:
            for field in draft.fields:
                if field[0] == b"Host":
                    field[1] = chance.choice(HOSTS)
            if chance.random() < 0.2:
                draft.fields.append([b"Host", chance.choice(HOSTS)])
        else:
            draft.fields.append([b"Origin", chance.choice(ORIGINS)])

    def rights(self, draft, chance):
        token = self.corpus.token
        draft.fields[:] = [field for field in draft.fields if field[0] not in (b"Authorization", b"Cookie") or chance.random() < 0.2]
        draw = chance.random()
        if draw < 0.6:
            form = chance.choice(AUTHORIZATIONS)
            draft.fields.append([b"Authorization", form % token if b"%s" in form else form])
        elif draw < 0.8:
            draft.fields.append([b"Cookie", chance.choice((b"tidemark_token=", b"tidemark_token=%s", b"tidemark_token=x; tidemark_token=%s", b";;;tidemark_token=%s;", b" tidemark_token = %s", b"tidemark_token=%sx", b"Tidemark_Token=%s", b"a=tidemark_token=%s")).replace(b"%s", token)])
        else:
            draft.target += chance.choice((b"?token=", b"&token=%s", b"?token=%s", b"?token=%s&token=x", b"?TOKEN=%s")).replace(b"%s", token)

    def lines(self, draft, chance):
        draw = chance.random()
        if draw < 0.3:
            draft.eol = chance.choice(EOLS)
        elif draw < 0.5:
            draft.gap = chance.choice(GAPS)
        elif draw < 0.75:
            draft.before = chance.choice(BEFORE)
        elif draft.fields:
            field = chance.choice(draft.fields)
            field[1] = chance.choice((b"%s\r\n folded", b"\r\n %s", b"%s\r\n\t", b"%s\n", b"%s\r", b"%s\r\n\r\n", b" %s ", b"\t%s", b"%s\0", b"%s\nX: y", b"%s\rX: y")).replace(b"%s", field[1])

    def length(self, draft, chance):
        """A length that is none, or another one than it was."""
        smuggled = self.smuggled(chance) if chance.random() < 0.5 else b""
        draft.fields[:] = [field for field in draft.fields if field[0] != b"Content-Length" or chance.random() < 0.2]
        draw = chance.random()
        if draw < 0.3:  # the other request is its body
            draft.body, draft.chunks = smuggled, None
            draft.fields.append([b"Content-Length", b"%d" % len(smuggled)])
        elif draw < 0.6:
            draft.fields.append([b"Content-Length", b"%d" % max(0, len(draft.body) + chance.choice((-3, -1, 1, 2, 100)))])
        else:
            draft.fields.append([b"Content-Length", chance.choice(LENGTHS)])
            draft.body += smuggled
        if chance.random() < 0.15:
            draft.fields.append([b"Content-Length", chance.choice(LENGTHS)])

    def coding(self, draft, chance):
        draft.fields.append([chance.choice(NEAR_CODING) if chance.random() < 0.3 else b"Transfer-Encoding", chance.choice(CODINGS)])
        if chance.random() < 0.5:
            draft.fields.append([b"Content-Length", b"%d" % chance.randrange(60)])
        smuggled = self.smuggled(chance)
        draft.tail = chance.choice((smuggled, b"0\r\n\r\n" + smuggled, chunked(smuggled, []), chunked(draft.body, [3]), b"5\r\nabcde\r\n0\r\n\r\n"))

    def chunk(self, draft, chance):
        """Chunks that are damaged, or that hold another request."""
        draft.fields[:] = [field for field in draft.fields if field[0] not in (b"Content-Length", b"Transfer-Encoding")]
        draft.fields.append([b"Transfer-Encoding", b"chunked"])
        draw = chance.random()
        if draw < 0.25:
            draft.tail = chunked(self.smuggled(chance), [chance.randrange(1, 60)])
        elif draw < 0.5:
            size = chance.choice(SIZES)
            draft.tail = size + b"\r\nabcde\r\n0\r\n\r\n" + (self.smuggled(chance) if chance.random() < 0.3 else b"")
        elif draw < 0.7:
            draft.tail = chunked(draft.body or b"abcde", [2], b"0\r\n" + chance.choice(TRAILERS) + b"\r\n")
        elif draw < 0.85:
            draft.tail = scratched(chunked(draft.body or b"abcdefghij", [1, 4]), chance)
        else:
            draft.tail = chance.choice((b"5\nabcde\n0\n\n", b"5\r\nabcde0\r\n\r\n", b"5\r\nabcdef\r\n0\r\n\r\n", b"0\r\n", b"0\r\n\r", b"\r\n", b"5\r\nabc", b"00\r\n\r\n", b"000000000000\r\n\r\n", b"1\r\nx\r\n" * 300 + b"0\r\n\r\n", b"0;" + b"e" * 3_000 + b"\r\n\r\n",
                                        b"1;" + b"e" * 20_000 + b"\r\nx\r\n0\r\n\r\n"))

    def connection(self, draft, chance):
        draft.fields.append([b"Connection", chance.choice(CONNECTIONS)])

    def expectation(self, draft, chance):
        draft.fields.append([b"Expect", chance.choice(EXPECTATIONS)])

    def body(self, draft, chance):
        """Another body of a right length."""
        body = scratched(draft.body or b'{"sql":1}', chance) if chance.random() < 0.5 else chance.choice(
            (b"", b"{}", b"[]", b"null", b"[" * 2_000, b'{"sql":', b"\0" * 50, b"\xff\xfe", b'{"a":"' + b"x" * 5_000 + b'"}', b"x" * 65_000, b'{"sql":"\\u0000"}', b'{"max_rows":-1}', b'{"format":"xml"}', b'{"raw":7}', b'{"day":7}', b'{"day":"1999-13-45"}'))
        draft.fields[:] = [field for field in draft.fields if field[0] not in (b"Content-Length", b"Transfer-Encoding")]
        draft.fields.append([b"Content-Length", b"%d" % len(body)])
        draft.body, draft.chunks, draft.tail = body, None, None

    def bytes(self, draft, chance):
        part = chance.choice(("method", "target", "version"))
        setattr(draft, part, scratched(getattr(draft, part), chance))

    def many(self, draft, chance):
        count = chance.choice((50, 200, 700, 2_000))
        draft.fields += [[b"X-%d" % number, b"y"] for number in range(count)]

    def upgrade(self, draft, chance):
        """A handshake, or half of one."""
        for name, values in ((b"Connection", (b"Upgrade", b"keep-alive, upgrade", b"")), (b"Upgrade", (b"websocket", b"WebSocket", b"h2c", b"websocket, h2c")), (b"Sec-WebSocket-Version", (b"13", b"8", b"13, 8", b"-13")),
                             (b"Sec-WebSocket-Key", (b"dGhlIHNhbXBsZSBub25jZQ==", b"", b"dGhlIHNhbXBsZSBub25jZQ", b"AAAA", b"=" * 24, b"\xff" * 24))):
            if chance.random() < 0.8:
                draft.fields.append([name, values[0] if chance.random() < 0.7 else chance.choice(values)])
        if chance.random() < 0.2:
            draft.fields.append([b"Sec-WebSocket-Extensions", chance.choice((b"permessage-deflate", b"permessage-deflate; server_max_window_bits=8", b"permessage-deflate;" * 200, b"x; y=\"", b",,,", b"permessage-deflate; server_max_window_bits=15; x"))])


def scratched(text, chance):
    """A few of its bytes are others, gone, new, or there twice."""
    text = bytearray(text)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at, draw = chance.randrange(len(text) + 1), chance.random()
        if draw < 0.4 and at < len(text):
            text[at] ^= 1 << chance.randrange(8)
        elif draw < 0.6:
            del text[at : at + chance.randrange(1, 4)]
        elif draw < 0.85:
            text[at:at] = bytes((chance.choice(b"\0\t\n\r \"%&+,/:;=?\x7f\x80\xff09AZaz"),))
        else:
            text[at:at] = text[at : at + chance.randrange(1, 12)]
    return bytes(text)


def client_frames(chance):
    """What a client says on its stream: good frames, then changed ones."""
    said = []
    for _ in range(chance.randrange(1, 6)):
        draw, size = chance.random(), chance.choice((0, 1, 5, 125))
        if draw < 0.35:
            said.append(frames.frame(chance.randbytes(size), 9))
        elif draw < 0.5:
            said.append(frames.frame(b"x" * chance.choice((0, 5, 126, 4_096)), chance.choice((1, 2))))
        elif draw < 0.6:
            said += [frames.frame(b"ab", 1, 0), frames.frame(b"ping", 9), frames.frame(b"cd", 0, 0), frames.frame(b"", 0)]
        elif draw < 0.72:
            said.append(frames.frame(frames.packed(b"y" * chance.choice((0, 10, 4_000, 100_000))), 1, 0xC0))
        elif draw < 0.75:
            said.append(frames.frame(chance.randbytes(40), 1, 0xC0))
        else:
            said.append(chance.choice(WRONG_FRAMES))
    said.append(frames.frame(chance.choice((b"", b"\x03\xe8", b"\x03\xe8bye", b"\x03", b"\xff\xff")), 8))
    wire = b"".join(said)
    return scratched(wire, chance) if chance.random() < 0.3 else wire


WRONG_FRAMES = (
    frames.frame(b"x" * 4_097), frames.frame(b"x" * 126, 9), frames.frame(b"x", 9, 0), frames.frame(b"x", 3), frames.frame(b"x", 11), frames.frame(b"x", 1, 0x90), frames.frame(b"x", 0), frames.frame(b"x", 1, mask=None),
    frames.frame(b"x", 9, 0xC0), frames.frame(zlib.compress(b"x" * 50), 1, 0xC0), b"\x81\xff" + b"\xff" * 8 + b"abcd", b"\x81\xfe\x00\x01abcdx", b"\x81\xff\0\0\0\0\0\0\0\x01abcdx", frames.frame(b"a", 1, 0) + frames.frame(b"b", 1), b"GET / HTTP/1.1\r\n\r\n",
    frames.frame(b"a" * 4_000, 1, 0) + frames.frame(b"b" * 97, 0), b"\x82\x80",
)  # fmt: skip
