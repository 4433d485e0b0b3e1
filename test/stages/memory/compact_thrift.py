"""Thrift's compact protocol, as far as the footers and page headers of Parquet need it, to write arbitrary claims."""

I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number):
    return varint((number << 1) ^ (number >> 63) & (1 << 64) - 1)


class Text(str):
    """A string. Plain str is refused, so that none is forgotten."""


class Small(int):
    """An i32; other ints are i64."""


def encode(value):
    """The number of the type, and the bytes without the field header."""
    if isinstance(value, Small):
        return I32, zigzag(value)
    if isinstance(value, int):
        return I64, zigzag(value)
    if isinstance(value, Text):
        raw = value.encode()
        return BINARY, varint(len(raw)) + raw
    if isinstance(value, list):
        kinds = [encode(each) for each in value]
        kind = kinds[0][0] if kinds else STRUCT
        head = bytes([len(value) << 4 | kind]) if len(value) < 15 else bytes([0xF0 | kind]) + varint(len(value))
        return LIST, head + b"".join(raw for _, raw in kinds)
    assert isinstance(value, dict), value
    return STRUCT, struct(value)


def struct(fields):
    """A struct from a dict of field number → value."""
    out, last = bytearray(), 0
    for number, value in sorted(fields.items()):
        kind, raw = encode(value)
        step = number - last
        out += bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + zigzag(number)
        out += raw
        last = number
    return bytes(out) + b"\0"
