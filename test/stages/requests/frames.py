"""The frames that a client sends, by a plain reader of RFC 6455 and 7692, and those of the server taken apart.

The program ignores what clients say, so only pings, the goodbye and the first mistake count.
"""

import struct
import zlib

LONGEST_MESSAGE = 4_096  # what the program accepts
PROTOCOL, NOT_CONSISTENT, TOO_BIG = 1002, 1007, 1009


def frame(payload=b"", opcode=1, first=0x80, mask=b"\x37\xfa\x21\x3d"):
    """As a client sends it; `first`: FIN and the reserved bits. `mask`: None for a frame without one."""
    size, bit = len(payload), 0 if mask is None else 0x80
    length = bytes([bit | size]) if size < 126 else bytes([bit | 126]) + struct.pack(">H", size) if size < 65_536 else bytes([bit | 127]) + struct.pack(">Q", size)
    if mask is None:
        return bytes([first | opcode]) + length + payload
    return bytes([first | opcode]) + length + mask + masked(payload, mask)


def masked(payload, mask):
    key = (mask * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(len(payload), "big")


def packed(payload):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


class Heard:
    """What a client's bytes say: the pings in order, and how it ends: a set of close codes, or None where the bytes just end."""

    def __init__(self, data, is_packed):
        self.pings, self.codes = [], None
        at, message, begun_packed, is_open = 0, b"", False, False
        while len(data) - at >= 2:
            first, second = data[at], data[at + 1]
            opcode, length = first & 0x0F, second & 0x7F
            begins = opcode in (1, 2)
            if first & 0x30 or (first & 0x40 and not (begins and is_packed)) or opcode not in (0, 1, 2, 8, 9, 10) or not second & 0x80:
                self.codes = {PROTOCOL}
                return
            if opcode >= 8 and (not first & 0x80 or length > 125):
                self.codes = {PROTOCOL}
                return
            at += 2
            if length >= 126:
                size = 2 if length == 126 else 8
                if len(data) - at < size:
                    return
                length = int.from_bytes(data[at : at + size], "big")
                at += size
            if opcode < 8:
                if (opcode == 0) != is_open:
                    self.codes = {PROTOCOL}
                    return
                if length > LONGEST_MESSAGE - len(message):
                    self.codes = {TOO_BIG, PROTOCOL} if length >= 2**63 else {TOO_BIG}
                    return
            if len(data) - at < 4 + length:
                return
            payload = masked(data[at + 4 : at + 4 + length], data[at : at + 4])
            at += 4 + length
            if opcode == 9:
                self.pings.append(payload)
            if opcode == 8:
                self.codes = {1000}
                return
            if opcode >= 8:
                continue
            if not is_open:
                begun_packed, message = bool(first & 0x40), b""
            message += payload
            is_open = not first & 0x80
            if not is_open:
                if begun_packed and (faults := faults_in_packed(message)):
                    self.codes = faults
                    return
                message = b""


def faults_in_packed(message):
    """The codes with which it may be refused; none for a good one. What is both too long and damaged may be called either."""
    unpacker = zlib.decompressobj(-15)
    try:
        text = unpacker.decompress(message + b"\0\0\xff\xff", LONGEST_MESSAGE + 1)
    except zlib.error:
        return {PROTOCOL, NOT_CONSISTENT, TOO_BIG}
    return {TOO_BIG, PROTOCOL} if len(text) > LONGEST_MESSAGE else set()


def frames_of_server(data):
    """(opcode, payload, was packed) of each whole frame, and how many bytes they are; ValueError for one that no server may send."""
    found, at = [], 0
    while len(data) - at >= 2:
        first, second = data[at], data[at + 1]
        if first & 0x30 or not first & 0x80 or second & 0x80 or first & 0x0F not in (1, 8, 9, 10):
            raise ValueError(f"a frame that begins with {first:02x}{second:02x}")
        length, begin = second, at + 2
        if length >= 126:
            size = 2 if length == 126 else 8
            if len(data) - begin < size:
                break
            length = int.from_bytes(data[begin : begin + size], "big")
            if length < (126 if size == 2 else 65_536):
                raise ValueError("a length that is longer than it must be")
            begin += size
        if len(data) - begin < length:
            break
        payload = bytes(data[begin : begin + length])
        if first & 0x40:
            payload = zlib.decompressobj(-15).decompress(payload + b"\0\0\xff\xff")
        found.append((first & 0x0F, payload, bool(first & 0x40)))
        at = begin + length
    return found, at
