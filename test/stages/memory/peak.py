"""Runs a command, and writes its exit code and its peak of resident memory to a file: `peak.py FILE LIMIT COMMAND…`

A process of its own, because the kernel counts for a child what its parent held when it was forked, and this one is small. LIMIT: the
bytes of addresses that the command may have, as ulimit -v says them; "-": as many as there are."""

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
