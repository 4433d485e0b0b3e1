"""Asks Spark's SQL over a metastore, in a process of its own, and prints the answers: a line of JSON for each question, its rows as {column: value}.

    spark_questions.py METASTORE NAMENODE DATABASE      the questions are lines of standard input
"""

import json
import os
import sys

from pyspark.sql import SparkSession


def main(metastore, namenode, database):
    spark = (SparkSession.builder.master("local[2]").appName("questions").enableHiveSupport()
             .config("spark.hadoop.hive.metastore.uris", metastore).config("spark.hadoop.fs.defaultFS", namenode)
             .config("spark.sql.warehouse.dir", os.path.join(os.getcwd(), "warehouse")).config("spark.sql.session.timeZone", "UTC")
             .config("spark.sql.shuffle.partitions", 2).config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
             .getOrCreate())
    spark.sql(f"USE {database}")
    for question in sys.stdin.read().splitlines():
        rows = [row.asDict() for row in spark.sql(question).collect()]
        print(json.dumps(rows, default=str), flush=True)
    spark.stop()


main(*sys.argv[1:])
