"""The engines that ./dev parity compares. Each reads one file of JSON lines and gives its final rows, and what they cost.

What they write stays in files (rows.py). The lake's rows have doubles, so they are compared as doubles.
"""

import collections
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.append(str(ROOT / "test/lib/flink_cluster"))

import flink_cluster  # noqa: E402
from rows import Rows  # noqa: E402

Run = collections.namedtuple("Run", "rows wall cpu peak_mb", defaults=(None, None, None))  # `rows`: lines, mostly a Rows


def measured(command, folder, **options):
    """Runs a command: wall seconds, CPU seconds of it and its descendants, MB at most of the largest of them, as Run has them."""
    cost = folder / "cost.json"
    done = subprocess.run([str(word) for word in (sys.executable, HERE / "measuring.py", cost, *command)], check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(str(word) for word in command)} ended with {done.returncode}; its output is in {folder}")
    return json.loads(cost.read_text())


def trends(binary, file, folder, threads):
    out = folder / f"trends-{threads}.jsonl"
    cost = measured([binary, "trends", "--threads", str(threads), "--output", out, file], folder, stderr=subprocess.DEVNULL)
    return Run(Rows(out), **cost)


def reference(file, folder):
    out = folder / "reference.jsonl"
    with open(out, "wb") as to:
        cost = measured([sys.executable, ROOT / "contract/reference/tidemark_reference.py", file], folder, stdout=to)
    return Run(Rows(out), **cost)


def duckdb(file, folder):
    """windows.sql. Raises a RuntimeError where DuckDB ends with an error."""
    out = folder / "duckdb.jsonl"
    with open(folder / "duckdb.log", "wb") as log:
        cost = measured([sys.executable, "-B", HERE / "duckdb_windows.py", file, out], folder, stdout=log, stderr=log)
    return Run(Rows(out), **cost)


def spark(home, file, folder):
    """The job's own command line, in a process of its own. `home`: where this version's package lies; None for that of the venv."""
    out = folder / f"spark-{home and home.name}"
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(str(path) for path in (home, ROOT / "jobs/spark") if path), "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost",
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --driver-memory 1g --conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false "
        "--conf spark.sql.shuffle.partitions=2 pyspark-shell",
    }
    command = [sys.executable, HERE / "spark_process.py", "batch", file, "--json", out]
    with open(folder / "spark.log", "wb") as log:
        cost = measured(command, folder, env=environment, stdout=log, stderr=log, cwd=folder)
    return Run(Rows(*sorted(out.glob("part-*"))), **cost)


def flink(file, folder):
    """The job of jobs/flink on files, in one process."""
    out = folder / "flink"
    with open(folder / "flink.log", "wb") as log:
        cost = measured(flink_cluster.local(["lines", file, "--output", out], "1g", ["-XX:+UseSerialGC"]), folder, stdout=log, stderr=log, cwd=folder)
    return Run(Rows(*sorted((out / "trends").glob("part-*"))), **cost)


def run_killed(binary, file, folder, kills=4, seed=1):
    """The rows of the lake after `tidemark run` was killed -9 several times on the way. Doubles, so they are compared as doubles."""
    data, drawn, done, longest = folder / "run", random.Random(seed), 0, 0.8
    shutil.rmtree(data, ignore_errors=True)
    command = [binary, "run", file, "--data", data, "--port", "0", "--speed", "max", "--exit-at-end"]
    while True:
        with open(folder / "run.log", "ab") as log:
            process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, cwd=folder)
        try:
            code = process.wait(timeout=drawn.uniform(longest / 8, longest) if done < kills else 600)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            done += 1
            continue
        if code:
            raise RuntimeError(f"tidemark run ended with {code}: {(folder / 'run.log').read_text()[-400:]}")
        if done:
            return Run(lake_rows(data / "lake"), None, None, None), done
        longest /= 2  # it ended before it could be killed
        shutil.rmtree(data)


def lake_rows(lake):
    import pyarrow.parquet as parquet

    rows = []
    for path in sorted(lake.glob("stock_trends/dt=*/*.parquet")):
        rows += parquet.ParquetFile(path).read().to_pylist()
    return [json.dumps({name: value for name, value in row.items() if name != "dt"}) for row in rows]


def columns(lake):
    """(name, type) of the columns in the first file of the lake's trends."""
    import pyarrow.parquet as parquet

    return [(field.name, str(field.type)) for field in parquet.read_schema(sorted(lake.glob("stock_trends/dt=*/*.parquet"))[0])]
