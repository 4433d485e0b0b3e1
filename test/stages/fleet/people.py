"""Typical surroundings: the seed project's producer and consumer, kcat, clusters with authentication, an open page."""

import collections
import datetime
import decimal
import json
import pathlib
import subprocess
import sys
import time
import urllib.parse

import evidence
import records
from fleet import PATIENCE
from harness import Skip
from kafka import KafkaConsumer
from stand import PARTITIONS, SYMBOLS

OLD_CLIENT = pathlib.Path(__file__).resolve().parents[3] / ".deps/apart/kafka-python-2"

OF_THE_SEED = ["symbol", "window_start", "window_end", "avg_close", "max_close", "min_close", "avg_volume", "volatility", "avg_vwap",
               "avg_pct_change", "buy_pressure", "bar_count", "price_range", "vwap_deviation_pct", "trend_signal"]


def like_the_seed(stand):
    """a producer and a consumer of the seed's world (kafka-python, JSON), and kcat: our topics are theirs"""
    with stand.fleet("seed") as fleet:
        workers = [fleet.analyze(), fleet.store()]
        fleet.until(lambda: len(workers[0].partitions()) == PARTITIONS, "it has all partitions")
        bars = [json.loads(line) for line in stand.lines if line.startswith(b'{"symbol":"S')][:2_000]
        records.produce_bars(fleet.where, bars, fleet.topic("alpaca_trends"))
        fleet.settle()
        fleet.end()
        found = evidence.check(fleet)
        right = collections.Counter(trend for rows in found.trends.values() for trend in rows)
        assert len(evidence.all_finals(found)) > 1_000

        consumer = KafkaConsumer(fleet.topic("alpaca_trend_results"), bootstrap_servers=fleet.where.split(","), group_id="a dashboard",
                                 auto_offset_reset="earliest", isolation_level="read_committed", consumer_timeout_ms=PATIENCE * 1_000,
                                 value_deserializer=lambda value: json.loads(value.decode("utf-8")))
        rows = []
        for message in consumer:
            rows.append(message.value)
            if len(rows) == right.total():
                break
        consumer.close()
        assert len(rows) == right.total(), (len(rows), right.total())
        assert all(list(row)[:15] == OF_THE_SEED for row in rows) and {row["status"] for row in rows} == {"update", "final"}
        assert collections.Counter(json.dumps(row) for row in rows) == collections.Counter(
            json.dumps(json.loads(trend)) for trend in right.elements())

        read = subprocess.run(["kcat", "-q", "-m", str(PATIENCE), "-C", "-b", fleet.where, "-t", fleet.topic("alpaca_trend_results"),
                               "-e", "-o", "beginning", "-X", "isolation.level=read_committed"],
                              capture_output=True, timeout=PATIENCE, check=True).stdout
        assert collections.Counter(read.splitlines()) == right


READ_BY_AN_OLD_CLIENT = """
import json, sys
sys.path.insert(0, sys.argv[1])
import kafka
assert kafka.__version__ == "2.0.2", kafka.__version__
consumer, rows, odd = kafka.KafkaConsumer(bootstrap_servers=sys.argv[2]), [], 0
partitions = [kafka.TopicPartition(sys.argv[3], number) for number in consumer.partitions_for_topic(sys.argv[3])]
consumer.assign(partitions)
consumer.seek_to_beginning()
ends = consumer.end_offsets(partitions)
while any(consumer.position(partition) < ends[partition] for partition in partitions):
    for message in (message for messages in consumer.poll(1_000).values() for message in messages):
        try:
            rows.append(json.loads(message.value))
        except ValueError:
            odd += 1
print(json.dumps([rows, odd]))
"""


def read_by_an_old_client(fleet, topic):
    """What kafka-python 2.0.2 shows its user: rows, and the number of records that are no rows."""
    command = [sys.executable, "-B", "-c", READ_BY_AN_OLD_CLIENT, OLD_CLIENT, fleet.where, fleet.topic(topic)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def old_client(stand):
    """kafka-python 2.0.2 reads every row with delivery at-least-once; with exactly-once it shows marks of transactions, as topics --for says"""
    if sys.version_info >= (3, 12):
        raise Skip("kafka-python 2.0.2 cannot be imported by Python 3.12")
    if not OLD_CLIENT.exists():
        raise Skip(f"{OLD_CLIENT} is not there: ./dev test fleet installs it")
    few = stand.folder / "few.jsonl"
    few.write_bytes(b"\n".join(stand.lines[:800]) + b"\n")
    for delivery in ("at-least-once", "exactly-once"):
        with stand.fleet(f"old-{delivery}", words=["--delivery", delivery]) as fleet:
            worker = fleet.analyze()
            fleet.until(lambda worker=worker: len(worker.partitions()) == PARTITIONS, "it has all partitions")
            fleet.play(few)
            fleet.settle(["alpaca_trends"])
            fleet.end()
            right = [json.loads(row.value) for row in records.read(fleet.where, fleet.topic("alpaca_trend_results"))]
            rows, odd = read_by_an_old_client(fleet, "alpaca_trend_results")
            in_order = lambda rows: sorted(json.dumps(row) for row in rows)  # noqa: E731
            assert len(right) > 100 and in_order(rows) == in_order(right), (len(right), len(rows))
            assert bool(odd) == (delivery == "exactly-once"), (delivery, odd)
            print(f"# {delivery}: {len(rows)} rows, {odd} marks of transactions shown as records")
            code, said, _ = fleet.run("topics", "--for", "kafka-python")
            assert code == 0 and "2.0.5 and before" in said and "--delivery at-least-once" in said, said


def who_is_there(stand):
    """over TLS with SCRAM, and with a certificate of its own, it works as without; a wrong password is told, and what is ours is refused"""
    file, few = stand.folder / "client.properties", stand.folder / "few.jsonl"
    few.write_bytes(b"\n".join(stand.lines[:400]))
    doors = {"sasl": stand.kafka.secured.client("SCRAM-SHA-512"), "tls": stand.kafka.secured.client(certificate="own")}
    for door, settings in doors.items():
        file.write_text("# for tests\n" + "".join(f"{name}={value}\n" for name, value in settings.items()))
        with stand.fleet(f"door-{door}", where=getattr(stand.kafka, door), words=["--kafka-config", file]) as fleet:
            fleet.analyze(), fleet.store()
            fleet.play(few)
            fleet.settle()
            fleet.end()
            assert len(evidence.all_finals(evidence.check(fleet, where=stand.kafka.bootstrap))) > 100
            if door == "sasl":
                secret = settings["sasl.password"]
                assert not any(secret in member.journal() for member in fleet.members), "the password is shown"
                file.write_text(file.read_text().replace(f"sasl.password={secret}", "sasl.password=another"))
                stranger = fleet.analyze()
                stranger.says("kafka.not_there")
                assert "another" not in stranger.says("(?i)authentication.*")[0]
                stranger.kill()
            file.write_text("transactional.id=mine\n")
            code, _, said = fleet.run("analyze")
            assert code == 2 and "transactional.id is set by Tidemark itself" in said, (code, said)


def two_ingests(stand):
    """of two ingests of a feed one ends with exit code 1 and says so, most often the first; no bar is there twice"""
    with stand.fleet("two") as fleet:
        first = fleet.simulate("600")
        fleet.until(lambda: fleet.lag().get("alpaca_trends", 0) > 300, "bars flow")
        second = fleet.simulate("600")
        first.wanted = second.wanted = 1
        fleet.until(lambda: not first.lives() or not second.lives(), "one of them ends")
        loser, winner = (first, second) if not first.lives() else (second, first)
        winner.wanted = 0
        said = loser.ends(1)
        assert "another process brings the feed simulator" in said, said
        assert winner.lives(), winner.evidence()
        more = fleet.to_go("alpaca_trends") + 300
        fleet.until(lambda: fleet.to_go("alpaca_trends") > more, "bars flow on")
        winner.end()
        waiting = fleet.to_go("alpaca_trends")
        worker = fleet.analyze()
        fleet.settle(["alpaca_trends"])
        worker.end()
        left = fleet.to_go("alpaca_trends")
        print(f"# tidemark topics: {waiting} to go, then {left}")
        assert waiting > 600 and left == 0
        came = collections.Counter((row["symbol"], row["timestamp"]) for record in records.read(fleet.where, fleet.topic("alpaca_trends"))
                                   if record.value for row in [record.json()])
        minutes = collections.Counter(timestamp for _, timestamp in came)
        assert max(came.values()) == 1 and set(minutes.values()) == {SYMBOLS}, (came.most_common(3), minutes.most_common()[-3:])
        evidence.check(fleet, lake=False)


def served(stand):
    """one serve shows the symbols of all partitions, and while analyze is killed no final that it has shown changes or goes"""
    with stand.fleet("served") as fleet:
        page, worker, shown, looks = fleet.serve(), fleet.analyze("a"), {}, 0
        fleet.until(lambda: page.ask("/readyz")[0] == 200 and len(worker.partitions()) == PARTITIONS, "they are ready")
        flow, kill_at = fleet.ingest(stand.file, "400"), time.monotonic() + 4
        while flow.lives() or fleet.to_go("alpaca_trends") > 0:
            if time.monotonic() > kill_at and flow.lives():
                worker.kill()
                worker, kill_at = fleet.analyze("a"), time.monotonic() + stand.chance.uniform(2, 4)
            shown, looks = finals_of(page, shown), looks + 1
            time.sleep(0.02)
        flow.ends(0)
        fleet.settle(["alpaca_trends"])
        topics_now = evidence.Topics(fleet)
        fleet.until(lambda: len(finals_of(page, shown)) == len(evidence.all_finals(topics_now)), "the page has all finals")
        shown = finals_of(page, shown)
        right = {(row["symbol"], row["window_start"]): row for row in map(json.loads, evidence.all_finals(topics_now))}
        assert shown == right, "the page is not what the topics say"
        symbols = {row["symbol"] for row in page.ask("/api/v1/symbols")[1]["symbols"]}
        assert symbols >= {f"SYM{number:04}" for number in range(1, SYMBOLS)}, symbols
        print(f"# {looks} looks at the page, {len(shown)} finals, {len([m for m in fleet.members if m.verb == 'analyze']) - 1} kills")
        worker.end(), page.end()
        evidence.right_topics(topics_now)


def shown_bars(stand):
    """one serve has the bars of all partitions, each digit: those that were there before it began, those that come, and the corrected ones"""
    with stand.fleet("shown-bars") as fleet:
        worker = fleet.analyze()
        fleet.until(lambda: len(worker.partitions()) == PARTITIONS, "it has all partitions")
        few = fleet.folder / "few.jsonl"
        few.write_bytes(b"\n".join([*stand.lines[:800], b""]))
        fleet.play(few)
        fleet.settle(["alpaca_trends"])
        page, right = fleet.serve(), judged_bars(fleet)
        assert sum(map(len, right.values())) > 400 and len(right) > SYMBOLS / 2, "it was too easy"
        fleet.until(lambda: all(page_bars(page, symbol) == bars for symbol, bars in right.items()), "the page has the bars that were there")
        symbol, bars = max(right.items(), key=lambda of: of[1][-1][1])
        wrong = collections.Counter(verdict for *_, verdict in judged(fleet))
        print(f"# {sum(map(len, right.values()))} bars of {len(right)} symbols, {dict(wrong)}")
        last = decimal.Decimal(bars[-1][4])
        minute = datetime.datetime.fromisoformat(bars[-1][1]) + datetime.timedelta(minutes=1)
        said = {"symbol": symbol, "timestamp": minute.strftime("%Y-%m-%dT%H:%M:%SZ"), "volume": 77, "trade_count": 1}
        for close in (last + decimal.Decimal("0.000000001"), last + decimal.Decimal("0.25")):  # a new bar, and its correction
            prices = ",".join(f'"{name}":{close}' for name in ("open", "high", "low", "close", "vwap"))
            records.produce(fleet.where, fleet.topic("alpaca_trends"), [(symbol.encode(), f"{json.dumps(said)[:-1]},{prices}}}".encode())])
            fleet.until(lambda close=close: decimal.Decimal(page_bars(page, symbol)[-1][5]) == close, f"the page has {close}")
            newest = page_bars(page, symbol)
            assert newest[:-1] == bars and newest[-1][1] == said["timestamp"] and newest[-1][6] == 77, newest[-2:]
        worker.end(), page.end()


def judged(fleet):
    """The records of tidemark_bars in the page's form of a bar, with the verdict."""
    names = ("symbol", "timestamp", "open", "high", "low", "close", "volume", "verdict")
    for record in records.read(fleet.where, fleet.topic("tidemark_bars")):
        bar = json.loads(record.value, parse_float=decimal.Decimal)
        yield [bar[name] for name in names]


def judged_bars(fleet):
    """symbol → its bars by time, the latest version of each."""
    bars = {}
    for *bar, _ in judged(fleet):
        bars.setdefault(bar[0], {})[bar[1]] = bar
    return {symbol: [by_time[time] for time in sorted(by_time)] for symbol, by_time in bars.items()}


def page_bars(page, symbol):
    code, told = page.ask(f"/api/v1/bars?symbol={urllib.parse.quote(symbol)}", number=decimal.Decimal)
    assert code == 200, (code, told)
    return told["bars"]


def finals_of(page, before):
    """The finals on the page. Checks that those shown before are still there, unchanged."""
    code, told = page.ask("/api/v1/trends?status=final&limit=10000")
    assert code == 200, (code, told)
    shown = {(row["symbol"], row["window_start"]): row for row in told["trends"]}
    gone = [key for key in before if key not in shown or shown[key] != before[key]]
    assert not gone, f"{len(gone)} finals were changed or have gone: {gone[:3]}, {before[gone[0]]}, {shown.get(gone[0])}"
    return shown


def disturbed_directory(stand):
    """a store misses a published file until it is back, and ends when its directory is renamed, with nothing made under the old name; no row is lost"""
    with stand.fleet("watched") as fleet:
        parts = [fleet.folder / "first.jsonl", fleet.folder / "second.jsonl"]
        for part, lines in zip(parts, (stand.lines[:800], stand.lines[800:1_600])):
            part.write_bytes(b"\n".join(lines) + b"\n")
        data, away = fleet.folder / "data", fleet.folder / "away"
        shown = lambda: sorted(path for path in fleet.lake.rglob("*.parquet") if not path.name.startswith("."))  # noqa: E731
        fleet.analyze()
        store = fleet.store(words=["--operations-port", "0"])
        fleet.play(parts[0])
        fleet.settle()
        fleet.until(lambda: len(shown()) > 1 and store.ask("/readyz")[0] == 200, "files are in the lake")
        newest = max(shown(), key=lambda path: path.stat().st_mtime_ns)
        newest.rename(away)

        def unready():
            code, told = store.ask("/readyz")
            return code == 503 and newest.name in told["reason"] and told["reason"]
        fleet.until(unready, "/readyz tells of the file")
        away.rename(newest)
        fleet.until(lambda: store.ask("/readyz")[0] == 200, "/readyz answers 200 again")
        assert store.journal().count("directory.changed") == 1 and newest.name in store.journal(), store.journal()

        data.rename(away)
        said = store.ends(1)
        assert said.count("directory.changed") == 2 and "was removed or renamed" in said.strip().splitlines()[-1], said
        assert not data.exists()
        away.rename(data)
        fleet.store()
        fleet.play(parts[1])
        fleet.settle()
        fleet.end()
        evidence.check(fleet)


CASES = [like_the_seed, old_client, shown_bars, disturbed_directory]
LONG = [two_ingests, who_is_there, served]
