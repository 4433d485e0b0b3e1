"""The readers of a lake: each returns [(column, type)] and the rows of a table."""

import datetime
import json
import os
import pathlib
import re
import subprocess
from decimal import Decimal

os.environ["TZ"] = "UTC"  # pyspark converts timestamps to Python's time zone

import expected  # noqa: E402

TIDEMARK = os.environ["TIDEMARK"]


class Pyarrow:
    types = {"int64": "bigint", "bool": "boolean", "timestamp[us]": "timestamp"}

    def read(self, lake, table):
        import pyarrow.dataset

        data = pyarrow.dataset.dataset(lake / table, partitioning="hive").to_table()
        columns = [(f.name, self.type_of(str(f.type))) for f in data.schema]
        return columns, [tuple(row.values()) for row in data.to_pylist()]

    def type_of(self, name):
        return self.types.get(name, name.replace("decimal128", "decimal").replace(", ", ","))


class DuckDB:
    types = {"VARCHAR": "string"}

    def read(self, lake, table):
        import duckdb

        found = duckdb.sql(f"FROM read_parquet('{lake}/{table}/*/*.parquet', hive_partitioning = true)")
        columns = [(name, self.types.get(str(t), str(t).lower())) for name, t in zip(found.columns, found.types)]
        return columns, found.fetchall()


class TidemarkQuery:
    view = {"stock_trends": "stock_trends", "bars": "bars_all"}

    def read(self, lake, table):
        described = ask(lake, f"SELECT column_name, column_type FROM (DESCRIBE {self.view[table]})")
        columns = [(name, DuckDB.types.get(type_, type_.lower())) for name, type_ in described]
        rows = []
        for row in ask(lake, f"FROM {self.view[table]}"):
            rows.append(tuple(self.value(v, type_) for v, (_, type_) in zip(row, columns)))
        return columns, rows

    def value(self, value, type_):
        if value is None:
            return None
        if type_ == "double":
            return float(value)
        return datetime.datetime.fromisoformat(value) if type_ == "timestamp" else value


def ask(lake, sql):
    """The rows of an answer, decimals and doubles as Decimal."""
    command = [TIDEMARK, "query", "--data", lake.parent, "--format", "json", sql]
    answered = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if answered.returncode != 0:
        raise AssertionError(answered.stderr)
    return [tuple(json.loads(line, parse_float=Decimal).values()) for line in answered.stdout.splitlines()]


class Spark:
    types = {"timestamp_ntz": "timestamp"}

    def __init__(self, folder):
        from pyspark.sql import SparkSession

        self.session = (
            SparkSession.builder.master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")  # it would precede the cases' sentences
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
            .config("spark.hadoop.javax.jdo.option.ConnectionURL", f"jdbc:derby:{folder}/metastore;create=true")
            .config("spark.driver.extraJavaOptions", f"-Dderby.system.home={folder}")
            .enableHiveSupport()
            .getOrCreate()
        )
        self.session.sparkContext.setLogLevel("ERROR")

    def read(self, lake, table):
        return self.rows_of(self.session.read.parquet(f"{lake}/{table}"))

    def rows_of(self, frame):
        columns = [(f.name, self.types.get(f.dataType.simpleString(), f.dataType.simpleString())) for f in frame.schema]
        return columns, [tuple(row) for row in frame.collect()]


class Hive:
    """A table in Hive's metastore, created by the statement in docs/lake.md and read by Spark."""

    def __init__(self, spark):
        self.spark = spark

    def read(self, lake, table):
        text = (expected.REPOSITORY / "docs/lake.md").read_text()
        statement = re.search(rf"```sql\n(CREATE EXTERNAL TABLE {table} .*?)```", text, re.S).group(1)
        self.spark.session.sql(statement.replace("/path/to/lake", str(lake)))
        self.spark.session.sql(f"MSCK REPAIR TABLE {table}")
        return self.spark.rows_of(self.spark.session.table(table))


def has_java():
    try:
        version = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr
    except OSError:
        return "there is no Java"
    major = int(re.search(r'version "(\d+)', version).group(1))
    return None if major <= 17 else f"Spark 3.5 is made for Java 8, 11 and 17, this is {major}"


def prefer_java_17():
    for home in sorted(pathlib.Path("/usr/lib/jvm").glob("*17*")):
        if (home / "bin/java").exists():
            os.environ["JAVA_HOME"] = str(home)
            os.environ["PATH"] = f"{home}/bin:{os.environ['PATH']}"
            return


READERS = {"pyarrow": Pyarrow, "DuckDB in Python": DuckDB, "tidemark query": TidemarkQuery}
