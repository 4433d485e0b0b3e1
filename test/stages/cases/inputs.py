"""Writes the input files of a case, including binary ones."""

import csv
import datetime
import decimal
import gzip
import io
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq


def write(folder, words, body):
    name, _, kind = words.partition(" ")
    # The empty line before the next section is not part of the file.
    text = body[:-1] if body.endswith("\n\n") else body
    if kind == "escaped":
        name, text = (part.encode("latin-1", "backslashreplace").decode("unicode_escape") for part in (name, text))
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind.startswith("parquet"):
        return write_parquet(path, kind.split()[1:], text)
    data = as_bytes(text) if kind == "escaped" else text.encode("utf-16" if kind == "utf-16" else "utf-8")
    if kind == "gzip":
        path.write_bytes(gzip.compress(data))
    elif kind == "zstd":
        with pa.CompressedOutputStream(str(path), "zstd") as file:
            file.write(data)
    elif kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(path.stem + ".csv", data)
    elif kind in ("", "escaped", "utf-16"):
        path.write_bytes(data)
    else:
        raise ValueError(f"no kind of file is called {kind}")


def as_bytes(text):
    """Characters below U+0100 are bytes, others are UTF-8."""
    return b"".join(bytes([ord(c)]) if ord(c) < 256 else c.encode() for c in text)


TYPES = {
    "string": (pa.string(), str),
    "double": (pa.float64(), float),
    "float32": (pa.float32(), float),
    "int64": (pa.int64(), int),
    "date32": (pa.date32(), datetime.date.fromisoformat),
    "time64": (pa.time64("us"), datetime.time.fromisoformat),
    "timestamp": (pa.timestamp("us"), datetime.datetime.fromisoformat),
    "decimal": (pa.decimal128(38, 9), decimal.Decimal),
}


def write_parquet(path, columns, text):
    rows = list(csv.reader(io.StringIO(text)))
    arrays = {}
    for index, column in enumerate(columns):
        name, _, kind = column.rpartition(":")
        arrow, read = TYPES[kind]
        arrays[name] = pa.array([read(row[index]) if row[index] else None for row in rows], arrow)
    pq.write_table(pa.table(arrays), path)
