"""Stages as processes, each in its own process group, so that it ends with everything it started."""

import os
import shlex
import signal
import subprocess
import time
import typing

LOGS = "build/test"
GOOGLE_TEST = ("unit", "asan", "tsan")

_LIMIT = int(os.environ.pop("TIDEMARK_STAGE_SECONDS", "") or 3000)
_BESIDE_BROKERS = "-KafkaLog.*:KafkaNewCluster.*"  # the stage kafka-log runs them
_TIMED_OUT = 124  # the exit code of timeout(1)


class Ended(typing.NamedTuple):
    job: typing.Any
    code: int
    wall_seconds: float
    work_seconds: float

    def describe_code(self):
        return f"exit code {self.code}" + (f": took longer than {_LIMIT} s" if self.code == _TIMED_OUT else "")


def _script(stage):
    if stage in GOOGLE_TEST:
        return f"exec build/{'release' if stage == 'unit' else stage}/tidemark_tests"
    return f"exec timeout --foreground --kill-after=10 {_LIMIT} {shlex.quote(f'test/stages/{stage}/run')}"


def _environment(stage, cases):
    env = {name: value for name, value in os.environ.items() if name != "TIDEMARK_LANES"}  # TEST_CASES of a person stays
    if cases:
        env["TEST_CASES"] = "\n".join(cases)
    if stage in GOOGLE_TEST:
        env["GTEST_FILTER"] = os.environ.get("GTEST_FILTER") or _BESIDE_BROKERS
        symbolizer = subprocess.run(["sh", "-c", "command -v llvm-symbolizer-19"], capture_output=True, text=True).stdout.strip()
        if stage == "asan":
            env |= {"ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_init_order=1", "UBSAN_OPTIONS": "print_stacktrace=1",
                    "ASAN_SYMBOLIZER_PATH": symbolizer, "UBSAN_SYMBOLIZER_PATH": symbolizer}
        elif stage == "tsan":
            env["TSAN_OPTIONS"] = f"external_symbolizer_path={symbolizer}:suppressions=test/stages/threads/suppressions.txt"
    return env


class Processes:
    """The stages at work, each under the name of a job."""

    def __init__(self):
        self._at_work = {}  # pid → (job, when it began)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._interrupted)

    def __len__(self):
        return len(self._at_work)

    def begin(self, job, stage, log, cases=()):
        with open(log, "wb") as output:
            self._start(job, ["bash", "-c", _script(stage)], output, _environment(stage, cases))

    def begin_build(self, job, preset, targets, log):
        """Behind the stages: these wait for clocks and disks most of the time, and compilers take what they leave."""
        with open(log, "wb") as output:
            self._start(job, ["nice", "-n", "10", "./dev", "build", preset, *targets], output, os.environ)

    def begin_without_build(self, job, log, build_log):
        """In the place of a stage whose build has failed: its log is the build's, and it fails."""
        with open(log, "wb") as output:
            self._start(job, ["bash", "-c", f"cat {shlex.quote(build_log)}; exit 1"], output, os.environ)

    def begin_busy_loop(self, job):
        loop = f"while [ -d /proc/{os.getpid()} ]; do for ((n = 0; n < 100000; n++)); do :; done; done"  # also ends if its runner is killed
        self._start(job, ["bash", "-c", loop], subprocess.DEVNULL, os.environ)

    def end(self, job):
        """Kills a job with everything it started."""
        for pid in [pid for pid, (name, _) in self._at_work.items() if name == job]:
            _signal_group(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            del self._at_work[pid]

    def at_work(self):
        """job → seconds since it began"""
        return {job: time.monotonic() - begun for job, begun in self._at_work.values()}

    def next_ended(self, meanwhile=None):
        """Waits for the next job that ends, and ends what it has left behind. Calls `meanwhile` each second."""
        told = 0
        while True:
            pid, status, usage = os.wait4(-1, os.WNOHANG if meanwhile else 0)
            if pid in self._at_work:
                break
            if pid == 0:
                if time.monotonic() - told >= 1:
                    meanwhile()
                    told = time.monotonic()
                time.sleep(0.05)
        _signal_group(pid, signal.SIGKILL)
        job, begun = self._at_work.pop(pid)
        code = os.waitstatus_to_exitcode(status)
        return Ended(job, code if code >= 0 else 128 - code, time.monotonic() - begun, usage.ru_utime + usage.ru_stime)

    def _start(self, job, command, output, env):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env, process_group=0)
        process.returncode = 0  # next_ended() waits for it, not subprocess
        self._at_work[process.pid] = job, time.monotonic()

    def _interrupted(self, *_):
        for pid in self._at_work:
            _signal_group(pid, signal.SIGTERM)
        os._exit(130)


def _signal_group(pid, number):
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass
