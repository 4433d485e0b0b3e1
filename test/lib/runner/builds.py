"""What is compiled while other stages run, because it takes minutes: a preset at a time, in this order. Each stage waits for its own."""

from .process import LOGS

# stage → preset and target of ./dev build. The program of the preset release is there before the runner starts.
NEEDED = {
    "unit": ("release", "tidemark_tests"),
    "hdfs": ("release", "tidemark_tests"),
    "kafka-log": ("release", "tidemark_tests"),
    "s3": ("release", "tidemark_tests"),
    "sim": ("release", "tidemark_sim"),
    "asan": ("asan", "tidemark_tests"),
    "fuzz": ("asan", "fuzz_replay"),
    "tsan": ("tsan", "tidemark_tests"),
    "threads": ("tsan", "tidemark"),
}


def job_of(preset):
    return f"compile {preset}"


def log_of(preset):
    return f"{LOGS}/compile.{preset}.log"


class Builds:
    def __init__(self, stages):
        needed = [NEEDED[stage] for stage in NEEDED if stage in stages]
        self._targets = {preset: sorted({target for of, target in needed if of == preset}) for preset, _ in needed}
        self.waiting, self._failed, self._at_work = list(self._targets), [], ""

    def to_watch(self, stages):
        """`preset target...` of each build where no stage could run meanwhile, so that it may as well be watched."""
        return [] if set(stages) - set(NEEDED) else [" ".join((preset, *targets)) for preset, targets in self._targets.items()]

    def jobs(self):
        """Those that have not begun."""
        return [job_of(preset) for preset in self.waiting]

    def is_ready(self, stage):
        preset = NEEDED.get(stage, ("",))[0]
        return preset not in self.waiting and preset != (self._at_work or None)

    def begin_stage(self, processes, stage, log):
        """A stage that is ready. Where its build has failed, it fails with the words of the compiler."""
        preset = NEEDED.get(stage, ("",))[0]
        if preset in self._failed:
            processes.begin_without_build(stage, log, log_of(preset))
        else:
            processes.begin(stage, stage, log)

    def begin_next(self, processes):
        """Nothing where one is at work, or none is left."""
        if self.waiting and not self._at_work:
            self._at_work = preset = self.waiting.pop(0)
            processes.begin_build(job_of(preset), preset, self._targets[preset], log_of(preset))

    def has_ended(self, ended):
        """True if it was a build that ended."""
        if ended.job != job_of(self._at_work):
            return False
        if ended.code != 0:
            self._failed.append(self._at_work)
        self._at_work = ""
        return True
