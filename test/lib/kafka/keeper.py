"""Clears up after a test that was killed: it reads from a pipe what there is, and when the pipe ends, what is left goes.

A broker must not outlive its test, and the kernel's own way (a signal when the parent dies) means the parent's thread. So every
cluster starts one keeper, and the only writing end of its pipe lies in the test's process. The lines:

    process PID        is killed at the end, unless it has ended by then (the pid may be somebody else's in the meantime: pidfd)
    run WORD WORD …    is run at the end, in reverse order: `ip netns del …`, `rm -rf …`
    done               all was cleared in order; nothing is left to do
"""

import contextlib
import os
import pathlib
import shlex
import signal
import subprocess
import sys


class Keeper:
    """The test's end of the pipe."""

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
