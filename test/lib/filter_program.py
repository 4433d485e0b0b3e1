"""Runs `tidemark trends` and reports where its bytes differ from the expected ones."""

import pathlib
import subprocess
import tempfile

NAMES = ("trends", "late", "rejects", "stats")


def run(binary, flags, inputs, threads=1, folder=None):
    """The bytes that it writes, by NAMES. `inputs` are names of files in `folder`, or (name, bytes) to write first; `-` is
    piped in. Raises RuntimeError if it does not end with 0."""
    with tempfile.TemporaryDirectory() as scratch:
        work, late, rejects = pathlib.Path(folder or scratch), pathlib.Path(scratch, "_late"), pathlib.Path(scratch, "_rejects")
        names, piped = [], b""
        for item in inputs:
            name, data = item if isinstance(item, tuple) else (item, None)
            if name == "-":
                piped = data
                continue
            if data is not None:
                (work / name).write_bytes(data)
            names.append(name)
        command = [binary, "trends", *flags, "--late", late, "--rejects", rejects, "--stats", *names]
        if threads != 1:
            command[2:2] = ["--threads", str(threads)]
        done = subprocess.run(command, cwd=work, input=piped, capture_output=True, timeout=300, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"it ended with {done.returncode}: {done.stderr.decode(errors='replace')[-600:]}")
        stats = done.stderr.splitlines(keepends=True)[-1:]
        files = [path.read_bytes() if path.exists() else b"(no such file)" for path in (late, rejects)]
        return dict(zip(NAMES, (done.stdout, *files, b"".join(stats))))


def expected(partition, stats_text):
    """The output that the reference's partition expects, by NAMES."""
    return dict(zip(NAMES, (
        "".join(partition.trends).encode(), b"".join(partition.late), "".join(partition.rejects).encode(),
        stats_text(partition.stats).encode(),
    )))


def differences(want, got):
    """For each of NAMES that differs, its first differing line."""
    found = []
    for name in NAMES:
        if want[name] == got[name]:
            continue
        wanted, gotten = want[name].splitlines(), got[name].splitlines()
        line = next((i for i, (a, b) in enumerate(zip(wanted, gotten)) if a != b), min(len(wanted), len(gotten)))
        found.append(f"{name}, line {line + 1} of {len(wanted)} (it wrote {len(gotten)})")
        for who, lines in (("contract", wanted), ("tidemark", gotten)):
            text = lines[line].decode(errors="backslashreplace") if line < len(lines) else "(nothing)"
            found.append(f"  {who}: {text[:700]}")
    return found
