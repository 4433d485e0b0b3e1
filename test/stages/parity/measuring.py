"""Runs a command and writes what it cost into a file: measuring.py FILE COMMAND….

In a process of its own, because Linux counts the memory of the process that starts another as the other's, too.
"""

import json
import os
import sys
import time

begun = time.monotonic()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
cost = {"wall": time.monotonic() - begun, "cpu": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}
with open(sys.argv[1], "w") as file:
    json.dump(cost, file)
sys.exit(os.waitstatus_to_exitcode(status))
