"""Clauses 1.3 to 1.8: strict parsing of one record's JSON, and which of its errors is reported.

Strings decode to Python strings, which may contain lone surrogates; numbers stay text.
"""

import re
from collections import namedtuple

MAX_RECORD_BYTES = 65_536
MAX_DEPTH = 64


class Reject(Exception):
    """The record fails for `reason`; `field` is the wrong field, or empty (2.4)."""

    def __init__(self, reason, field=""):
        super().__init__(reason, field)
        self.reason = reason
        self.field = field


Number = namedtuple("Number", "text")

SPACE = re.compile(r"[ \t\r\n]*")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
PLAIN_CHARACTERS = re.compile(r'[^"\\\x00-\x1f]*')
HEX4 = re.compile(r"[0-9a-fA-F]{4}")
SHORT_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
LITERALS = {"true": True, "false": False, "null": None}


class Json:
    """Reads one JSON text by RFC 8259, without recursion, so that depth is not limited by the stack.

    Grammar errors raise at once; depth and duplicate keys are only noted, because bad_json takes precedence (1.8).
    """

    def __init__(self, text):
        self.text = text
        self.at = 0
        self.too_deep = False
        self.duplicate_key = False

    def document(self):
        self.space()
        value = self.value()
        self.space()
        if self.at != len(self.text):
            raise Reject("bad_json")
        return value

    def space(self):
        self.at = SPACE.match(self.text, self.at).end()

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ""

    def expect(self, character):
        if self.peek() != character:
            raise Reject("bad_json")
        self.at += 1

    def value(self):
        """One value with its contents. `open_` holds the unfinished containers, outermost first."""
        open_ = []
        while True:
            # A value begins: a container that is not empty continues with its first value; anything else is complete.
            character = self.peek()
            if character == "{" or character == "[":
                self.at += 1
                self.space()
                container = {} if character == "{" else []
                if len(open_) + 1 > MAX_DEPTH:
                    self.too_deep = True
                if self.peek() == ("}" if character == "{" else "]"):
                    self.at += 1
                    value = container
                else:
                    open_.append([container, self.key() if character == "{" else None])
                    continue
            elif character == '"':
                value = self.string()
            elif character == "-" or "0" <= character <= "9":
                value = self.number()
            else:
                value = self.literal()

            # A value is complete: store it in its container, and check whether that completes the container, too.
            while True:
                if not open_:
                    return value
                self.space()
                container, key = open_[-1]
                if isinstance(container, dict):
                    if key in container:
                        self.duplicate_key = True
                    container[key] = value
                    end = "}"
                else:
                    container.append(value)
                    end = "]"
                if self.peek() == end:
                    self.at += 1
                    value = container
                    open_.pop()
                    continue
                self.expect(",")
                self.space()
                if end == "}":
                    open_[-1][1] = self.key()
                break

    def key(self):
        key = self.string()
        self.space()
        self.expect(":")
        self.space()
        return key

    def literal(self):
        for name, value in LITERALS.items():
            if self.text.startswith(name, self.at):
                self.at += len(name)
                return value
        raise Reject("bad_json")

    def number(self):
        match = NUMBER.match(self.text, self.at)
        if not match:
            raise Reject("bad_json")
        self.at = match.end()
        return Number(match.group())

    def string(self):
        self.expect('"')
        parts = []
        while True:
            match = PLAIN_CHARACTERS.match(self.text, self.at)
            parts.append(match.group())
            self.at = match.end()
            character = self.peek()
            if character == '"':
                self.at += 1
                return "".join(parts)
            if character != "\\":
                raise Reject("bad_json")  # the text ends, or has a raw control character
            self.at += 1
            parts.append(self.escape())

    def escape(self):
        character = self.peek()
        self.at += 1
        if character in SHORT_ESCAPES:
            return SHORT_ESCAPES[character]
        if character != "u":
            raise Reject("bad_json")
        unit = self.hex4()
        if 0xD800 <= unit <= 0xDBFF and self.text.startswith("\\u", self.at):
            before = self.at
            self.at += 2
            low = self.hex4()
            if 0xDC00 <= low <= 0xDFFF:
                return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
            self.at = before
        return chr(unit)

    def hex4(self):
        match = HEX4.match(self.text, self.at)
        if not match:
            raise Reject("bad_json")
        self.at = match.end()
        return int(match.group(), 16)


def parse_object(record):
    """The object of a record; raises the Reject of 1.8 otherwise."""
    if len(record) > MAX_RECORD_BYTES:
        raise Reject("too_long")
    try:
        text = record.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise Reject("bad_json") from None
    json = Json(text)
    value = json.document()
    if not isinstance(value, dict):
        raise Reject("not_an_object")
    if json.too_deep:
        raise Reject("too_deep")
    if json.duplicate_key:
        raise Reject("duplicate_key")
    return value
