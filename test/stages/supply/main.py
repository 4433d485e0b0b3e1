"""The cases of this folder: the list of parts, the output of `version --build`, and fetching unpinned files."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "test/lib"), str(ROOT / "supply")]

import fetching  # noqa: E402
import harness  # noqa: E402
import told  # noqa: E402

for module in (told, fetching):
    for name, check in list(vars(module).items()):
        if name.startswith("check_"):
            harness.tell(check.__doc__.strip(), check)
harness.end()
