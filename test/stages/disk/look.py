"""Checks a data directory in trouble while its owner works on it: is everything in it intact?"""

import contextlib
import json
import pathlib
import re
import sqlite3
import urllib.error
import urllib.request

import pyarrow.parquet


def log_is_whole(data):
    with contextlib.closing(sqlite3.connect(f"file:{data}/log.db?mode=ro", uri=True)) as log:
        (verdict,) = log.execute("PRAGMA integrity_check").fetchone()
    assert verdict == "ok", verdict


def lake_is_whole(lake):
    """Checks that every published file can be read to its end. Returns their number."""
    files = [path for path in pathlib.Path(lake).rglob("*.parquet") if not path.name.startswith(".")]
    for path in files:
        with pyarrow.parquet.ParquetFile(path, page_checksum_verification=True) as file:
            assert file.read().num_rows == file.metadata.num_rows, path
    return len(files)


def everything(folder):
    """Each file of a folder with its bytes, except lock files."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(pathlib.Path(folder).rglob("*"))
            if path.is_file() and path.name not in (".restating", ".publishing", "tidemark.pid", "log.db-shm") and not path.name.startswith(".ballast")}


def changes(before, after):
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def readiness(life):
    """The status of /readyz, and why."""
    try:
        with urllib.request.urlopen(life.url() + "/readyz", timeout=30) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)["reason"]


def failing(life):
    """The failing agents according to /metrics."""
    with urllib.request.urlopen(life.url() + "/metrics", timeout=30) as answer:
        return set(re.findall(r'^tidemark_agent_failing\{agent="(\w+)"\} 1$', answer.read().decode(), re.MULTILINE))


def retries(life):
    """The retries in the journal: (agent, error, milliseconds to wait)."""
    return [(agent, json.loads(error), int(wait)) for agent, error, wait in
            re.findall(r'agent\.retry agent=(\w+) error=("(?:[^"\\]|\\.)*") in=(\d+)ms', life.journal())]
