"""kill -9 of a run, of HDFS, of Hive's metastore and of its PostgreSQL: rows lost or duplicated in the lake and in Hive's tables."""

import re

HEADER = ("kills", "of the run", "of the DataNode", "of the NameNode", "of the metastore", "of PostgreSQL", "beside another", "stories", "lost", "doubled")
COMMAND = "HIVE_SEED=$(date +%s) HIVE_KILLS=50 HIVE_CASES='survive kill -9' TIDEMARK_STAGE_SECONDS=3500 ./dev test hive"
QUICK = "HIVE_SEED=$(date +%s) HIVE_KILLS=5 HIVE_CASES='survive kill -9' ./dev test hive"
LOG = "build/test/hive.log"
SUMMARY = re.compile(r"# (\d+) kills: (\d+) of PostgreSQL, (\d+) of the NameNode, (\d+) of the DataNode, (\d+) of the metastore, (\d+) of the run; "
                     r"(\d+) beside another; (\d+) stories")


def tell(chapter, printed):
    counts, is_well = None, False
    for line in printed:
        if found := SUMMARY.match(line):
            counts = [int(number) for number in found.groups()]
        elif verdict := re.match(r"(ok|not ok) - a lake in HDFS and its tables in Hive survive", line):
            is_well = verdict[1] == "ok"
    if counts:
        kills, postgres, namenode, datanode, metastore, run, beside, stories = counts
        chapter.row(kills, run, datanode, namenode, metastore, postgres, beside, stories, *(2 * ["**0**" if is_well else "**see the log**"]))
    return is_well and bool(counts)
