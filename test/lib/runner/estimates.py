"""How long stages take: as long as the last time here, else as long as on two cores; and when all of them will have ended."""

import heapq
import json
import pathlib

from .process import LOGS

_USUAL = pathlib.Path(__file__).with_name("usual_seconds.json")
_UNKNOWN = 10


class Estimates:
    def __init__(self, last=pathlib.Path(f"{LOGS}/seconds.json")):
        self._last_file, self._last = last, _read(last)
        self._usual = _read(_USUAL)

    def of(self, stage):
        return self._last.get(stage, self._usual.get(stage, _UNKNOWN))

    def remember(self, stage, seconds):
        self._last[stage] = round(seconds)
        self._last_file.write_text(json.dumps(self._last, indent=1, sort_keys=True) + "\n")

    def seconds_left(self, at_work, waiting, lanes):
        """at_work: stage → seconds since it began. Those that wait begin in their order, each as soon as a lane is free."""
        free = [max(self.of(stage) - since, 1) for stage, since in at_work.items()]
        free += [0] * (lanes - len(free))
        heapq.heapify(free)
        for stage in waiting:
            heapq.heappush(free, heapq.heappop(free) + self.of(stage))
        return max(free)


def _read(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):  # of another version, or half written
        return {}
