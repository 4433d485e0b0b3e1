"""Spark's SQL over the metastore: whether it is here, and its answers. spark_questions.py is its process."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys

import hive
from life import PATIENCE

HERE = pathlib.Path(__file__).resolve().parent


def home(version):
    """The folder of this version's package, None for the one of the environment; a text where it is not there."""
    if version == "3":
        return None if importlib.util.find_spec("pyspark") else "there is no PySpark"
    place = HERE.parents[2] / ".deps/apart/pyspark-4"
    return place if (place / "pyspark").is_dir() else "there is no PySpark 4"


def ask(place, warehouse, database, questions, folder):
    """The answers of Spark's SQL over the metastore, each as rows."""
    environment = {**os.environ, "HADOOP_USER_NAME": hive.USER, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost", "PYSPARK_PYTHON": sys.executable,
                   "PYTHONPATH": str(place or "")}
    command = [sys.executable, str(HERE / "spark_questions.py"), warehouse.hive.metastore_url, f"hdfs://127.0.0.1:{warehouse.hdfs.rpc}", database]
    told = subprocess.run(command, input="\n".join(questions), env=environment, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
    assert told.returncode == 0, told.stderr[-6000:]
    return [json.loads(line) for line in told.stdout.splitlines()]
