"""Randomly damaged logs: bits, digits, pages, truncations. No wrong data may be shown as right.

    DAMAGE_LOGS   how many (30)
    DAMAGE_SEED   another seed

A run is killed while rows wait for the lake. A copy of its directory is damaged, verified, and restarted with the same input. Either it
reaches its end, and then log and lake equal those of an undisturbed run; or it ends with an error, and then each row of the lake
is one of that run's, once. If a run continues with a log that has a wrong record, `tidemark verify` names the record.
"""

import collections
import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import time

import harness

COUNT = int(os.environ.get("DAMAGE_LOGS", "30"))
SEED = os.environ.get("DAMAGE_SEED", "rot")
PAGE = 16_384
DIGIT = re.compile(rb'"(?:open|high|low|close|volume|vwap|avg_close|bar_count|trade_count|position|pct_change)":"?-?(\d)')
TOPICS = ["alpaca_trends", "alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters"]


class Program:
    def __init__(self, tidemark):
        self.tidemark = tidemark
        self.environment = {"PATH": os.environ["PATH"]}

    def words(self, *words):
        return [self.tidemark, "run", "--port", "0", "--data", "data", "--store-every", "1s", *words, "bars.jsonl"]

    def run(self, folder):
        return subprocess.run(self.words("--speed", "max", "--exit-at-end"), cwd=folder, env=self.environment, capture_output=True, text=True,
                              errors="replace", timeout=90)

    def says_whole(self, folder):
        said = subprocess.run([self.tidemark, "verify", "--data", "data"], cwd=folder, env=self.environment, capture_output=True, text=True,
                              errors="replace", timeout=90)
        assert said.returncode in (0, 1, 2), (said.returncode, said.stderr)
        return said.returncode == 0


def ask(path, question):
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as log:
        log.text_factory = bytes
        return log.execute(question).fetchall()


def rows_of_log(data):
    """The rows of the topics that SQLite can read, by table and offset; of a damaged topic, the rows before the damage."""
    rows = {}
    for topic in TOPICS:
        with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(sqlite3.connect(f"file:{data / 'log.db'}?mode=ro", uri=True)) as log:
            log.text_factory = bytes
            for offset, *row in log.execute(f"SELECT offset, kind, key, value, time FROM {topic} ORDER BY offset"):
                rows[topic, offset] = tuple(row)
    return rows


def rows_of_lake(data):
    """Every row of every file, counted."""
    import pyarrow.parquet

    rows = collections.Counter()
    for path in sorted((data / "lake").glob("*/*/*.parquet")):
        table = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True).read()
        rows.update((path.parent.parent.name, *row.values()) for row in table.to_pylist())
    return rows


class Lives:
    """An undisturbed run and a killed one: its files as they were left, with everything in log.db, and as they were before."""

    def __init__(self, place, program):
        self.place, self.program = place, program
        self.undisturbed = self.begin("undisturbed")
        program.run(self.undisturbed).check_returncode()
        self.log, self.lake = rows_of_log(self.undisturbed / "data"), rows_of_lake(self.undisturbed / "data")
        assert len(self.log) > 1_000 and len(self.lake) > 1_000
        self.killed = self.begin("killed")
        self.earlier = place / "earlier.db"
        self.live()
        self.whole_file = place / "whole_file"
        shutil.copytree(self.killed, self.whole_file, ignore=shutil.ignore_patterns("*.sock"))
        with contextlib.closing(sqlite3.connect(self.whole_file / "data/log.db")) as log:
            log.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def begin(self, name):
        folder = self.place / name
        folder.mkdir()
        with open(folder / "bars.jsonl", "wb") as bars:
            subprocess.run([self.program.tidemark, "simulate", "--symbols", "10", "--minutes", "90", "--shuffle", "2m"], stdout=bars, check=True)
        return folder

    def live(self):
        """Waits until some rows are in the lake and more are pending."""
        log = self.killed / "data/log.db"
        process = subprocess.Popen(self.program.words("--speed", "900"), cwd=self.killed, env=self.program.environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        waiting = 0
        while waiting < 120:
            assert process.poll() is None and time.monotonic() < deadline, "it ended before there was enough to damage"
            time.sleep(0.01)
            with contextlib.suppress(sqlite3.OperationalError):
                rows = ask(log, "SELECT position, behind FROM readers WHERE reader = 'store' AND topic = 'tidemark_bars'")
                waiting = rows[0][1] if rows and rows[0][0] > 0 else 0
                if rows and rows[0][0] > 0 and not self.earlier.exists():
                    with contextlib.closing(sqlite3.connect(f"file:{log}?mode=ro", uri=True)) as now, contextlib.closing(sqlite3.connect(self.earlier)) as kept:
                        now.backup(kept)
        process.kill()
        process.wait()


def overwrite(path, at, bytes_):
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(bytes_)


def digit(lives, data, draw):
    held = (data / "log.db").read_bytes()
    at = draw.choice([found.start(1) for found in DIGIT.finditer(held)])
    other = draw.choice([number for number in b"0123456789" if number != held[at]])
    overwrite(data / "log.db", at, bytes([other]))


def flip(path, draw):
    held = path.read_bytes()
    at = 0
    for _ in range(200):  # most of a page is empty
        at = draw.randrange(len(held))
        if held[at]:
            break
    overwrite(path, at, bytes([held[at] ^ 1 << draw.randrange(8)]))


def bit(lives, data, draw):
    flip(data / "log.db", draw)


def text(lives, data, draw):
    """A bit of the text of a table or view, which others' SQL reads."""
    held = (data / "log.db").read_bytes()
    sql = draw.choice([sql for (sql,) in ask(lives.whole_file / "data/log.db", "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL") if held.count(sql) == 1])
    at = held.index(sql) + draw.randrange(len(sql))
    overwrite(data / "log.db", at, bytes([held[at] ^ 1 << draw.randrange(8)]))


def bit_of_the_wal(lives, data, draw):
    flip(data / "log.db-wal", draw)


def page_of_another(lives, data, draw):
    held = (data / "log.db").read_bytes()
    one, other = draw.sample(range(len(held) // PAGE), 2)
    overwrite(data / "log.db", one * PAGE, held[other * PAGE : (other + 1) * PAGE])


def old_page(lives, data, draw):
    held, before = (data / "log.db").read_bytes(), lives.earlier.read_bytes()
    pages = [page for page in range(min(len(held), len(before)) // PAGE)
             if held[page * PAGE : (page + 1) * PAGE] != before[page * PAGE : (page + 1) * PAGE]]
    page = draw.choice(pages)
    overwrite(data / "log.db", page * PAGE, before[page * PAGE : (page + 1) * PAGE])


def empty_page(lives, data, draw):
    overwrite(data / "log.db", draw.randrange((data / "log.db").stat().st_size // PAGE) * PAGE, bytes(PAGE))


def sector(lives, data, draw):
    overwrite(data / "log.db", draw.randrange((data / "log.db").stat().st_size // 512) * 512, draw.randbytes(512))


def truncation(lives, data, draw):
    os.truncate(data / "log.db", draw.randrange((data / "log.db").stat().st_size))


def truncation_of_the_wal(lives, data, draw):
    os.truncate(data / "log.db-wal", draw.randrange((data / "log.db-wal").stat().st_size))


# What is damaged → how, and whether in the single file or beside its -wal.
KINDS = {
    "a digit of a record": (digit, "whole_file"),
    "a bit of the file": (bit, "whole_file"),
    "a bit of a table's or view's text": (text, "whole_file"),
    "a page of another place": (page_of_another, "whole_file"),
    "an old page": (old_page, "whole_file"),
    "an empty page": (empty_page, "whole_file"),
    "a sector": (sector, "whole_file"),
    "a file that is cut": (truncation, "whole_file"),
    "a bit of the -wal": (bit_of_the_wal, "killed"),
    "a -wal that is cut": (truncation_of_the_wal, "killed"),
}


def trial(lives, kind, draw):
    """Returns who detected it: "run", "verify", or "nobody" if log and lake are right all the same."""
    damage, source = KINDS[kind]
    folder = lives.place / "damaged"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(getattr(lives, source), folder, ignore=shutil.ignore_patterns("*.sock", "log.db-shm"))
    data = folder / "data"
    damage(lives, data, draw)
    ended = lives.program.run(folder)
    lake = rows_of_lake(data)
    if ended.returncode != 0:
        assert ended.returncode in (1, 2) and re.search(r"log\.db|the log|lake", ended.stderr), (ended.returncode, ended.stderr[-500:])
        wrong = lake - lives.lake
        assert not wrong, f"told, but {sum(wrong.values())} rows of the lake are wrong or doubled, such as {next(iter(wrong))}\n{ended.stderr[-500:]}"
        return "run"
    assert lake == lives.lake, f"{sum((lake - lives.lake).values())} rows of the lake are wrong or doubled, {sum((lives.lake - lake).values())} lost"
    if lives.program.says_whole(folder):
        log = rows_of_log(data)
        assert log == lives.log, f"verify says whole, but {sum(log.get(key) != row for key, row in lives.log.items())} records are not right"
        return "nobody"
    return "verify"


def need_pyarrow():
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise harness.Skip("there is no pyarrow to read the lake with") from None


def crc32c(data):
    """The CRC bit by bit, by its polynomial."""
    state = 0xFFFFFFFF
    for byte in data:
        state ^= byte
        for _ in range(8):
            state = state >> 1 ^ (0x82F63B78 if state & 1 else 0)
    return state ^ 0xFFFFFFFF


def number(value):
    return (value or 0).to_bytes(8, "little", signed=True)


def checksums_are_what_is_described(place, tidemark):
    """The checksums of records and other rows, over the bytes that docs/log.md describes."""
    assert crc32c(b"123456789") == 0xE3069283
    program = Program(tidemark)
    (place / "bars.jsonl").write_bytes(subprocess.run([tidemark, "simulate", "--symbols", "3", "--minutes", "12"], capture_output=True, check=True).stdout
                                       + b"no bar \xff\n")
    program.run(place).check_returncode()
    log, looked = place / "data/log.db", collections.Counter()
    for topic in TOPICS:
        for offset, kind, key, value, when, ingested_at, in_all, said, records in ask(log, f"SELECT * FROM {topic}_rows"):
            key, value = key or b"", value or b""
            shared = () if records is None else (records,)
            numbers = b"".join(map(number, (offset, when, ingested_at, in_all, len(key), len(value), *shared)))
            assert said == crc32c(topic.encode() + b"\0" + kind + b"\0" + numbers + key + value), (topic, offset)
            looked[len(shared)] += 1
    assert looked[0] > 2 and looked[1] > 3, looked

    def text(value):
        return number(len(value)) + value

    known = 0
    for table, columns in (("positions", "reader, topic, position, needed"), ("state", "reader, state"), ("feed_cursors", "feed, cursor"),
                           ("topics", "topic, begins_at, covered_from")):
        for *row, said in ask(log, f"SELECT {columns}, crc32c FROM {table}"):
            if table == "positions":
                row[3:] = [int(row[3] is not None), row[3]]
            parts = [text(value) if isinstance(value, bytes) else number(value) for value in row]
            assert said == crc32c(table.encode() + b"\0" + b"".join(parts)), (table, row)
            known += said
    summaries = [list(map(int, said.split())) for table in ("summary", "positions", "feed_cursors")
                 for (said,) in ask(log, f"SELECT summary FROM {table} WHERE summary IS NOT NULL")]
    assert len(summaries) > 2, summaries
    for *numbers, said in summaries:
        assert said == crc32c(b"summary\0" + b"".join(map(number, numbers))), numbers
    _, *ends, sum_, _ = max(summaries)
    assert sum_ == known, (sum_, known)
    assert ends == [ask(log, f"SELECT coalesce(max(offset) + 1, 0) FROM {topic}")[0][0] for topic in TOPICS]


def rotten(lives, name):
    """A directory with a changed digit in a record that waits for the lake, which a run has refused."""
    folder = lives.place / name
    shutil.copytree(lives.whole_file, folder)
    log = folder / "data/log.db"
    with contextlib.closing(sqlite3.connect(log)) as changed, changed:
        ((offset,),) = changed.execute("SELECT position + 5 FROM positions WHERE reader = 'store' AND topic = 'tidemark_bars'")
        changed.execute("UPDATE tidemark_bars_rows SET value = replace(value, '\"volume\":', '\"volume\":1') WHERE offset = "
                        "(SELECT max(offset) FROM tidemark_bars_rows WHERE offset <= ?)", (offset,))
    refused = lives.program.run(folder)
    named = re.search(r"the record at offset (\d+) of tidemark_bars is not what was written", refused.stderr)
    assert refused.returncode == 1 and named and int(named[1]) <= offset < int(named[1]) + 20, refused.stderr
    return folder


def the_cures_work(place, tidemark):
    need_pyarrow()
    lives = Lives(place, Program(tidemark))

    def tidemark_(folder, *words):
        said = subprocess.run([tidemark, *words], cwd=folder, env=lives.program.environment, capture_output=True, text=True, timeout=90)
        assert said.returncode == 0, (words, said.stdout, said.stderr)

    tidemark_(lives.whole_file, "backup", "../kept", "--data", "data")
    folder = rotten(lives, "restored")
    refused = subprocess.run([tidemark, "backup", "../no-backup", "--data", "data"], cwd=folder, env=lives.program.environment, capture_output=True,
                             text=True, timeout=90)
    assert refused.returncode == 1 and "is not what was written" in refused.stderr and not (place / "no-backup").exists(), refused.stderr
    (folder / "data").rename(folder / "damaged")
    tidemark_(folder, "restore", "../kept", "--data", "data")
    lives.program.run(folder).check_returncode()
    assert rows_of_lake(folder / "data") == lives.lake and rows_of_log(folder / "data") == lives.log

    # Moved away: records that are fed again are published again, and a recomputed day has each window once.
    folder = rotten(lives, "moved")
    for path in (folder / "data").glob("log.db*"):
        path.rename(folder / path.name)
    again = lives.program.run(folder)
    assert again.returncode == 0 and "log.new_behind_lake" in again.stderr, again.stderr
    right = lives.undisturbed
    for each in (folder, right):
        for day in sorted({path.name.removeprefix("dt=") for path in (each / "data/lake/stock_trends").glob("dt=*")}):
            tidemark_(each, "recompute", "--day", day, "--data", "data")
    trends = [{row: count for row, count in rows_of_lake(each / "data").items() if row[0] == "stock_trends"} for each in (folder, right)]
    assert trends[0] == trends[1] and len(trends[0]) > 500, (len(trends[0]), len(trends[1]))


def nothing_wrong_is_shown_as_right(place, tidemark):
    need_pyarrow()
    draw = harness.chance(SEED)
    lives = Lives(place, Program(tidemark))
    shutil.copytree(lives.whole_file, place / "control")  # an undamaged copy continues
    lives.program.run(place / "control").check_returncode()
    assert lives.program.says_whole(place / "control") and rows_of_lake(place / "control/data") == lives.lake
    told = collections.defaultdict(collections.Counter)
    kinds = list(KINDS)
    for number in range(COUNT):
        kind = kinds[0] if number % 3 == 0 else kinds[1 + (number - number // 3 - 1) % (len(kinds) - 1)]
        try:
            told[kind][trial(lives, kind, draw)] += 1
        except (AssertionError, subprocess.TimeoutExpired) as wrong:
            raise AssertionError(f"trial {number}, {kind}, DAMAGE_SEED={SEED}: {wrong} {getattr(wrong, 'stderr', None) or ''}") from None
    for kind, counts in told.items():
        print(f"# damaged: {kind}: {sum(counts.values())} logs, {counts['run']} told by the run, {counts['verify']} by verify alone, {counts['nobody']} right all the same",
              flush=True)
