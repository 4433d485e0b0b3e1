"""Cleans up after a killed test: it reads from a pipe what exists, and removes the rest when the pipe ends.

A broker must not outlive its test, and the kernel's parent-death signal refers to the parent's thread, not its process. So every
cluster starts one keeper, and only the test's process holds the writing end of its pipe. The lines:

    process PID        is killed at the end, unless it has ended by then (a pidfd guards against a reused pid)
    run WORD WORD …    is run at the end, in reverse order: `ip netns del …`, `rm -rf …`
    done               the test has cleaned up itself; nothing is left to do
"""

import contextlib
import os
import pathlib
import shlex
import signal
import subprocess
import sys


class Keeper:
    """The test's side of the pipe."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, pathlib.Path(__file__)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, text=True, start_new_session=True)

    def watch(self, pid):
        self.say("process", pid)

    def owe(self, *words):
        self.say("run", *words)

    def done(self):
        self.say("done")
        self.process.stdin.close()
        self.process.wait()

    def say(self, *words):
        self.process.stdin.write(shlex.join(map(str, words)) + "\n")
        self.process.stdin.flush()


def main():
    processes, owed = [], []
    for line in sys.stdin:
        match shlex.split(line):
            case ["process", pid]:
                with contextlib.suppress(ProcessLookupError):
                    processes.append(os.pidfd_open(int(pid)))
            case ["run", *words]:
                owed.append(words)
            case ["done"]:
                return
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, signal.SIGKILL)
    for words in reversed(owed):
        subprocess.run(words, check=False)


if __name__ == "__main__":
    main()
