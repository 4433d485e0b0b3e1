"""Small Parquet files that would take much memory, made byte by byte, so that a file's claims and its contents may differ."""

import struct as packing

import pyarrow as pa
from compact_thrift import Small, Text, struct

DOUBLE, BYTE_ARRAY, INT64 = 5, 6, 2
PLAIN, RLE, RLE_DICTIONARY = 0, 3, 8
UNCOMPRESSED, ZSTD = 0, 6
COLUMNS = (("symbol", BYTE_ARRAY), ("timestamp", INT64), *((name, DOUBLE) for name in ("open", "high", "low", "close", "volume")))


def packed(pieces):
    """The data compressed with zstd, and their length."""
    sink = pa.BufferOutputStream()
    size = 0
    with pa.CompressedOutputStream(sink, "zstd") as out:
        for piece in pieces:
            size += len(piece)
            out.write(piece)
    return sink.getvalue().to_pybytes(), size


def data_page(raw, size, values, encoding=PLAIN):
    head = {1: Small(0), 2: Small(size), 3: Small(len(raw)), 5: {1: Small(values), 2: Small(encoding), 3: Small(RLE), 4: Small(RLE)}}
    return struct(head) + raw


def dictionary_page(raw, size, values):
    return struct({1: Small(2), 2: Small(size), 3: Small(len(raw)), 7: {1: Small(values), 2: Small(PLAIN)}}) + raw


def plain_page(kind, values):
    """A page of a column of valid bars, uncompressed."""
    if kind == BYTE_ARRAY:
        raw = b"".join(packing.pack("<I", len(value)) + value for value in values)
    else:
        raw = b"".join(packing.pack("<q" if kind == INT64 else "<d", value) for value in values)
    return data_page(raw, len(raw), len(values))


def good_values(name, rows):
    if name == "symbol":
        return [b"AAPL"] * rows
    if name == "timestamp":
        return [1_735_828_200_000_000_000 + 60_000_000_000 * row for row in range(rows)]
    return [10.0] * rows


class File:
    """The consecutive columns of one row group."""

    def __init__(self):
        self.bytes = bytearray(b"PAR1")
        self.chunks, self.schema = [], []

    def column(self, name, kind, pages, values, codec=UNCOMPRESSED, dictionary=None, says=None):
        begin = len(self.bytes)
        if dictionary:
            self.bytes += dictionary
        data = len(self.bytes)
        self.bytes += pages
        size = says or len(self.bytes) - begin
        about = {
            1: Small(kind),
            2: [Small(PLAIN), Small(RLE), Small(RLE_DICTIONARY)],
            3: [Text(name)],
            4: Small(codec),
            5: values,
            6: size,
            7: size,
            9: data,
        }
        if dictionary:
            about[11] = begin
        self.chunks.append({2: begin, 3: about})
        self.schema.append({1: Small(kind), 3: Small(0), 4: Text(name)})

    def end(self, rows, schema=None, group_rows=None):
        root = {4: Text("schema"), 5: Small(len(self.schema))}
        group = {1: self.chunks, 2: len(self.bytes), 3: rows if group_rows is None else group_rows}
        footer = struct({1: Small(1), 2: schema or [root, *self.schema], 3: rows, 4: [group]})
        return bytes(self.bytes) + footer + packing.pack("<I", len(footer)) + b"PAR1"


def bars(rows=100, but=None, pages=None, group_rows=None, **how):
    """Valid bars, except for one given column."""
    file = File()
    for name, kind in COLUMNS:
        if name == but:
            file.column(name, kind, pages, rows, **how)
        else:
            file.column(name, kind, plain_page(kind, good_values(name, rows)), rows)
    return file.end(rows, group_rows=group_rows)


def one_cell(size, rows=100):
    """The dictionary has a cell of a gigabyte, to which every row refers."""
    step = 1_000_000
    raw, length = packed([packing.pack("<I", size), *[b"A" * step] * (size // step)])
    refer, refer_size = packed([b"\x01" + b"".join([bytes([rows << 1 & 0x7F | 0x80, rows << 1 >> 7])]) + b"\0"])
    return bars(rows, "symbol", data_page(refer, refer_size, rows, RLE_DICTIONARY), codec=ZSTD, dictionary=dictionary_page(raw, length, 1))


def many_cells(size, rows=100):
    """Each row has its own large cell, all in one page."""
    cell = packing.pack("<I", size) + b"A" * size
    raw, length = packed([cell] * rows)
    return bars(rows, "symbol", data_page(raw, length, rows), codec=ZSTD)


def zeros(values):
    """A page of doubles that are all zero."""
    step = 1_000_000
    raw, length = packed([bytes(8 * step)] * (values // step))
    return bars(100, "open", data_page(raw, length, values), codec=ZSTD)


def lying_header():
    """A page that claims two gigabytes and holds nothing."""
    return bars(100, "close", data_page(b"nothing", 2_147_483_647, 100), codec=ZSTD)


def lying_chunk():
    """A column that claims to be far longer than the file."""
    return bars(100, "close", plain_page(DOUBLE, [10.0] * 100), says=1 << 60)


def absurd_rows():
    """A row group that claims four thousand million rows of one value."""
    rows = 4_000_000_000
    file = File()
    for name, kind in COLUMNS:
        file.column(name, kind, plain_page(kind, good_values(name, 10)), rows)
    return file.end(rows)


def long_footer():
    """A file that claims to be almost all footer, made of uncompressed zeros."""
    size = 120_000_000
    return b"PAR1" + bytes(size) + packing.pack("<I", size) + b"PAR1"


def deep(levels):
    """A column in a group in a group …"""
    file = File()
    file.column("symbol", BYTE_ARRAY, plain_page(BYTE_ARRAY, [b"AAPL"]), 1)
    schema = [{4: Text("g"), 3: Small(0), 5: Small(1)} for _ in range(levels)]
    return file.end(1, schema=[*schema, {1: Small(BYTE_ARRAY), 3: Small(0), 4: Text("symbol")}])


def wide(columns):
    """Many extra columns beside those of a bar."""
    file = File()
    for name, kind in (*COLUMNS, *((f"c{number}", DOUBLE) for number in range(columns))):
        file.column(name, kind, plain_page(kind, good_values(name, 1)), 1)
    return file.end(1)


def empty_groups(count):
    """Empty row groups: a byte each in the footer, an object each in memory."""
    footer = struct({1: Small(1), 2: [{4: Text("schema"), 5: Small(0)}], 3: 0, 4: [{}] * count})
    return b"PAR1" + footer + packing.pack("<I", len(footer)) + b"PAR1"
