"""Where one HTTP request ends and the next begins, by a plain reader of RFC 9112 that shares nothing with the program.

    for request in requests_in(everything_that_was_sent): …

The reader stops behind the first request whose end cannot be told. Of each request it says what an answer to it may be:

    CLEAR     exactly one answer
    LOOSE     exactly one answer; a strict server may also refuse it and close the connection
    UNCLEAR   a refusal and the end of the connection, or only the end
    CUT       the bytes end first: a refusal, or only the end
"""

import re

CLEAR, LOOSE, UNCLEAR, CUT = "clear", "loose", "unclear", "cut"
LONGEST_HEAD, LONGEST_BODY = 16 * 1024, 64 * 1024  # what the program accepts

MAYBE_HEAD = b"HEAD?"  # no method, but the program may have read it as one

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
LINE = re.compile(rb"(" + TOKEN + rb") ([^\x00-\x20\x7f]+) HTTP/1\.([01])", re.DOTALL)
FIELD = re.compile(rb"(" + TOKEN + rb"):[ \t]*((?:[^\x00-\x08\x0a-\x1f\x7f]*[^\x00-\x20\x7f])?)[ \t]*", re.DOTALL)
CHUNK = re.compile(rb"([0-9A-Fa-f]+)((?:[ \t]*;[^\r\n]*)?)", re.DOTALL)


class Request:
    """One request as the reader sees it. `end`: the place behind it."""

    __slots__ = ("kind", "why", "method", "target", "version", "fields", "body", "end")

    def __init__(self, kind, why, end, method=b"", target=b"", version=1, fields=(), body=b""):
        self.kind, self.why, self.end = kind, why, end
        self.method, self.target, self.version, self.fields, self.body = method, target, version, fields, body

    def is_sure(self):
        return self.kind in (CLEAR, LOOSE)

    def values(self, name):
        return [value for each, value in self.fields if each == name]

    def tokens(self, name):
        return {word.strip(b" \t").lower() for value in self.values(name) for word in value.split(b",")}

    def asks_to_close(self):
        words = self.tokens(b"connection")
        return b"close" in words or (self.version == 0 and b"keep-alive" not in words)

    def waits_for_100(self):
        return self.version == 1 and any(value.lower() == b"100-continue" for value in self.values(b"expect"))


def requests_in(data):
    at = 0
    while at < len(data):
        request = read(data, at)
        yield request
        if not request.is_sure():
            return
        at = request.end


def read(data, at):
    loose = ""
    while data.startswith(b"\r\n", at):  # RFC 9112, 2.2: an empty line before a request is to be ignored
        at, loose = at + 2, "empty lines before it"
    head_end = data.find(b"\r\n\r\n", at)
    first, *lines = data[at : head_end if head_end >= 0 else len(data)].split(b"\r\n")
    body_at = head_end + 4
    line = LINE.fullmatch(first)
    said = line[1] if line else b"HEAD" if first[:5] == b"HEAD " else MAYBE_HEAD if first[:4] == b"HEAD" else b""
    if loose and said == b"HEAD":
        said = MAYBE_HEAD  # refused before it is read

    def unclear(why):
        return Request(UNCLEAR, why, body_at, said)

    if head_end < 0 or body_at - at > LONGEST_HEAD:
        return Request(CUT if len(data) - at <= LONGEST_HEAD else UNCLEAR, "no end of the head", len(data), said)
    if not line:
        return unclear("the first line")
    method, target, version = said, line[2], int(line[3])
    fields = []
    for text in lines:
        if text[:1] in (b" ", b"\t") and fields:  # RFC 9112, 5.2: refused, or a space in its place
            loose = "a folded line"
            fields[-1] = (fields[-1][0], (fields[-1][1] + b" " + text.strip(b" \t")).strip(b" \t"))
            if not FIELD.fullmatch(b"x:" + text):
                return unclear("a folded line")
            continue
        field = FIELD.fullmatch(text)
        if not field:
            return unclear("a line of the head")
        fields.append((field[1].lower(), field[2]))
    if any(byte > 0x7E for byte in target):
        loose = "bytes beyond ASCII in the target"

    lengths = [value for name, value in fields if name == b"content-length"]
    codings = [value for name, value in fields if name == b"transfer-encoding"]
    body, end = b"", body_at
    if codings:
        if version == 0 or len(codings) > 1 or lengths or codings[0].lower() != b"chunked":
            return unclear("the transfer coding")
        kind, why, body, end = read_chunks(data, body_at)
        if kind in (UNCLEAR, CUT):
            return Request(kind, why, end, method, target, version, fields)
        loose = loose or why
    elif lengths:
        each = [part.strip(b" \t") for value in lengths for part in value.split(b",")]
        if not all(re.fullmatch(rb"[0-9]{1,18}", part) for part in each) or len({int(part) for part in each}) > 1:
            return unclear("the length")
        if len(each) > 1:
            loose = "the same length twice"
        size = int(each[0])
        if size > LONGEST_BODY:
            return unclear("a body that is too long")
        end = body_at + size
        if end > len(data):
            return Request(CUT, "the body", len(data), method, target, version, fields)
        body = data[body_at:end]
    return Request(LOOSE if loose else CLEAR, loose, end, method, target, version, fields, body)


def read_chunks(data, at):
    """(kind, why, body, end)"""
    body, loose = b"", ""
    while True:
        line_end = data.find(b"\r\n", at)
        line = data[at : line_end if line_end >= 0 else len(data)]
        if line_end < 0 and len(line) <= LONGEST_HEAD and b"\n" not in line:
            return CUT, "a chunk's size", body, len(data)
        size = CHUNK.fullmatch(line)
        if line_end < 0 or not size:
            return UNCLEAR, "a chunk's size", body, at
        if size[2] or len(size[1]) > 8:
            loose = "an extension of a chunk, or zeros before its size"
        length = int(size[1], 16)
        if len(body) + length > LONGEST_BODY:
            return UNCLEAR, "a body that is too long", body, at
        at = line_end + 2
        if length == 0:
            break
        if at + length + 2 > len(data):
            whole = data[at + length : at + length + 2]
            return (CUT if b"\r\n".startswith(whole) else UNCLEAR), "a chunk", body, len(data)
        if data[at + length : at + length + 2] != b"\r\n":
            return UNCLEAR, "a chunk's end", body, at
        body += data[at : at + length]
        at += length + 2
    begin = at
    while True:  # trailers
        line_end = data.find(b"\r\n", at)
        if line_end < 0:
            return CUT if len(data) - begin <= LONGEST_HEAD else UNCLEAR, "the trailers", body, len(data)
        if line_end == at:
            return (LOOSE if loose else CLEAR), loose, body, at + 2
        is_folded = data[at : at + 1] in (b" ", b"\t") and at > begin
        if not FIELD.fullmatch((b"x:" if is_folded else b"") + data[at:line_end]):
            return UNCLEAR, "a trailer", body, at
        loose = "trailers"
        at = line_end + 2
