"""Runs a command, and writes its exit code and its peak of resident memory to a file: `peak.py FILE LIMIT COMMAND…`

A separate process, because the kernel counts the parent's memory at the fork for a child, and this parent is small. LIMIT: the
address space of the command in bytes, as in ulimit -v; "-": unlimited."""

import os
import resource
import sys

report, limit, *command = sys.argv[1:]
child = os.fork()
if child == 0:
    if limit != "-":
        resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))
    os.execv(command[0], command)
_, status, used = os.wait4(child, 0)
with open(report, "w") as out:
    out.write(f"{os.waitstatus_to_exitcode(status)} {used.ru_maxrss * 1024}")
