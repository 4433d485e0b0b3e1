"""The command line of jobs/spark, which at its end waits for the Java process, so that its CPU seconds count."""

import sys

from pyspark import SparkContext
from tidemark_spark.command_line import main

code = main(sys.argv[1:])
gateway = SparkContext._gateway
if gateway:
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
sys.exit(code)
