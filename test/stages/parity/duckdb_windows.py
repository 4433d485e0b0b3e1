"""Runs windows.sql in DuckDB: duckdb_windows.py FILE OUTPUT [SIZE SLIDE DELAY], in seconds."""

import pathlib
import sys

import duckdb

file, output, *seconds = sys.argv[1:]
size, slide, delay = seconds or ("300", "60", "120")
told = {"$file": f"'{file}'", "$output": f"'{output}'", "$size": f"{size}::BIGINT", "$slide": f"{slide}::BIGINT", "$delay": f"{delay}::BIGINT"}
sql = pathlib.Path(__file__).with_name("windows.sql").read_text()
sql = "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
for name, value in told.items():
    sql = sql.replace(name, value)
database = duckdb.connect(config={"threads": 2, "memory_limit": "6GB", "temp_directory": f"{output}.spill"})
database.execute("SET TimeZone = 'UTC'")
for statement in sql.split(";\n"):
    if statement.strip():
        database.execute(statement.replace("\\x01", "\x01") if "read_csv" in statement or "COPY" in statement else statement)
