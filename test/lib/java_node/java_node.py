"""A server that is a Java process with a folder of its own: the ways to start it, to wait for it, to freeze it and to end it.

    folder/said-1, said-2 …      its output, a file for each start

A subclass says what is started (`command`). It lives in a session of its own: Ctrl-C is for the test, which ends its servers itself.
"""

import os
import pathlib
import signal
import subprocess
import time

PATIENCE = 240  # the most seconds for a start or a shutdown; two to twenty are usual

# A node of a test lives for seconds: the second compiler would never pay off, and more collector threads only disturb.
SHORT_LIVED = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError"]
# Hadoop, Hive and Kryo look into the JDK.
OPENS = [f"--add-opens=java.base/java.{part}=ALL-UNNAMED"
         for part in ("lang", "lang.invoke", "lang.reflect", "util", "util.concurrent", "util.concurrent.atomic", "util.regex", "net", "io", "nio", "text",
                      "time", "math")] + ["--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/sun.nio.cs=ALL-UNNAMED",
                                          "--add-opens=java.sql/java.sql=ALL-UNNAMED"]


def wait_until(happened, what, evidence=str):
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s: {what}\n{evidence()}"
        time.sleep(0.05)


def mark(folder):
    """A word of the command line by which a process is known as the node of this folder."""
    return f"-Dtidemark.node={folder}"


def pid_of(folder):
    """The process that is the node of this folder, whoever started it; or None."""
    ours = mark(folder).encode()
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if ours in (process / "cmdline").read_bytes().split(b"\0"):
                return int(process.name)
        except OSError:
            pass  # it has ended meanwhile
    return None


class JavaNode:
    def __init__(self, name, folder):
        """`name` is how messages call it: "the NameNode"."""
        self.name, self.folder, self.process = name, pathlib.Path(folder), None
        self.keeper = None  # ends the process when the test has died (keeper.py)
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)

    def command(self):
        """The whole command line."""
        raise NotImplementedError

    def environment(self):
        return dict(os.environ)

    def start(self):
        self.launch(self.command())

    def launch(self, command):
        assert not self.lives(), f"{self.name} runs already"
        with open(self.folder / f"said-{len(self.said()) + 1}", "wb") as said:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=self.environment(), start_new_session=True)
        if self.keeper:
            self.keeper.watch(self.process.pid)

    def said(self):
        """The files of its output, the newest last."""
        return sorted(self.folder.glob("said-*"), key=lambda path: int(path.name.split("-")[1]))

    def words(self):
        return self.said()[-1].read_bytes() if self.said() else b""

    def last_words(self, lines=25):
        return "\n".join(self.words().decode(errors="replace").splitlines()[-lines:])

    def wait_until_ready(self, is_ready):
        wait_until(lambda: self.has_ended() or is_ready(), f"{self.name} is ready", self.last_words)
        assert not self.has_ended(), f"{self.name} has ended:\n{self.last_words()}"

    def lives(self):
        return self.process is not None and self.process.poll() is None

    def has_ended(self):
        return not self.lives()

    def kill(self):
        """SIGKILL. Data not yet written to its files is still in the kernel, as after any crash of a process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self, patience=PATIENCE):
        """Asks it to end. A node that does not is killed after a while."""
        if self.lives():
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.kill()

    def pause(self):
        """Freezes it with open connections, as a swapping machine or a long garbage collection would."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)
