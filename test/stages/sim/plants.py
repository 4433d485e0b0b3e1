#!/usr/bin/env python3
"""Planted bugs: proof that the simulation can fail.

Each is a small change of one file of the product: a changed copy is compiled, linked in place of the original, and run until a world
breaks a promise. The simulation must be built in build/release.

    test/stages/sim/plants.py [NAME...]     all by default; prints a line for each, as a stage does
"""

import json
import pathlib
import re
import shlex
import subprocess
import sys
import time
import typing

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = ROOT / "build" / "release"
PLANTED = ROOT / "build" / "plants"
MOST_SEEDS = 4000


class Plant(typing.NamedTuple):
    name: str
    what: str
    file: str
    old: str
    new: str
    world: tuple[str, ...] = ()  # the options of worlds in which it can be found


PLANTS = [
    Plant("skip-file-sync", "a file of the lake is shown without fsync", "src/io/parquet/hidden_file.cc",
          "  auto synced = file_->sync();", "  Result<void> synced;"),
    Plant("skip-log-sync", "the log commits without fsync", "src/io/embedded/schema.cc",
          "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"),
    Plant("trust-old-wal", "a start builds upon a WAL that may not be on the disk", "src/io/embedded/embedded_log.cc",
          "if (auto durable = make_wal_durable(path_, where); !durable) return durable;", ""),
    Plant("skip-folder-sync", "a day's folder is not synced after the rename", "src/io/lake/parquet_store.cc",
          "if (auto synced = lake_.disk().sync_folder(each.folder); !synced) return synced;", ""),
    # If it kept the last rows, the store would find in the lake what has been published, and leave it out.
    Plant("drop-intent", "a restart forgets the intent and its last rows", "src/run/roles/store_role.cc",
          "  through_ = intent->through;\n  if (intent->size() == 0) return {};",
          "  if (intent->size() == 0) through_ = intent->through;\n  return {};"),
    # Counting before closing is not observable by itself: a bar is in windows that end after it, and closes only
    # windows that end before it. The purpose of the order in 3.4 is observable: no bar counts in a closed window.
    Plant("count-after-close", "a bar counts in windows that are all closed", "src/core/stream/window_engine.cc",
          "if (last <= closed_through_) return Verdict::Late;",
          "if (last < closed_through_) return Verdict::Late;"),
    Plant("believe-the-wall", "a wall clock that jumps is believed at once", "src/run/live_feed/agreed_clock.cc",
          "if (wall_ && server_agrees(*wall_))", "if (wall_)"),
    Plant("reopen-finals", "a lowered watermark opens windows that gave a final", "src/core/stream/window_engine.cc",
          "      final_through = end;\n", ""),
    Plant("position-first", "the position is committed before the outputs", "src/run/roles/analyze_role.cc",
          "if (auto done = log_.commit(pending_->commit); !done) return std::unexpected(done.error());",
          "Commit first{.reader = pending_->commit.reader, .positions = pending_->commit.positions};\n"
          "  if (auto done = log_.commit(first); !done) return std::unexpected(done.error());\n"
          "  if (auto done = log_.commit(pending_->commit); !done) return std::unexpected(done.error());"),
    Plant("compact-above", "compaction merges above the durable position", "src/io/lake/lake_compactor.cc",
          "file.imported == 0 && file.to <= end;", "file.imported == 0 && (file.to <= end || true);"),
    Plant("cursor-apart", "the cursor is committed apart from the records", "src/run/roles/ingest_role.cc",
          "if (auto done = log_.append(pending_->records, feed_.name(), pending_->cursor); !done)",
          "if (auto done = log_.append({}, feed_.name(), pending_->cursor); !done) return std::unexpected(done.error());\n"
          "  if (auto done = log_.append(pending_->records, feed_.name(), pending_->cursor); !done)"),
    Plant("mark-apart", "that a letter was redriven is committed apart from its record", "src/run/dead_letters/redrive.cc",
          "if (auto appended = log_.append(fresh, name_of(feed), letters->to_text()); !appended)",
          "if (auto first = log_.append(fresh, \"redrive\", \"\"); !first) return std::unexpected(first.error());\n"
          "  if (auto appended = log_.append({}, name_of(feed), letters->to_text()); !appended)"),
    Plant("checksum-off", "a record is not compared with its checksum", "src/io/embedded/log_reader.cc",
          "if (statement.integer(7) != checksum_of(topic, row.held)) {", "if (statement.integer(7) < 0) {", ("--rot", "12")),
    Plant("summary-off", "rows are not compared with what the last transaction left", "src/io/embedded/summary_check.cc",
          "  const Resetting resetting(*found_);", "  if (summary->sequence > 0) return *summary;\n  const Resetting resetting(*found_);",
          ("--rot", "12")),
    Plant("hole-off", "a hole among records is passed over", "src/io/embedded/log_reader.cc",
          "    if (first != batch.next_position()) {", "    if (first < batch.next_position()) {", ("--rot", "12")),
    Plant("snapshot-off-by-one", "a snapshot says one record less than it holds", "src/run/roles/analyze_role.cc",
          "commit.state = join_state(position_, snapshot);", "commit.state = join_state(position_ - 1, snapshot);"),
]


def run(folder: pathlib.Path, command: list[str]) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")


def build(folder: pathlib.Path, command: list[str]) -> None:
    built = run(folder, command)
    if built.returncode != 0:
        print(built.stdout[-3000:])
        raise SystemExit("not ok - the planted source does not build")


def compiled_with(path: pathlib.Path) -> dict[str, str]:
    """How the build compiles this file: alone, or together with others of its folder (cmake/Rooms.cmake)."""
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    include = include_of(str(path.relative_to(ROOT / "src")))
    for entry in entries:
        file = pathlib.Path(entry["file"])
        if file == path or (file.parent == BUILD / "unity" and include in file.read_text()):
            return entry
    raise SystemExit(f"not ok - the build in {BUILD} does not compile {path}")


def include_of(file: str) -> str:
    return f'#include "{file}"\n'


def compile_planted(plant: Plant) -> pathlib.Path:
    """The one file, as the build compiles it, with the bug in it."""
    path = ROOT / plant.file
    sound = path.read_text()
    if sound.count(plant.old) != 1:
        raise SystemExit(f"not ok - plant {plant.name}: {plant.file} no longer has its text once; plant it anew")
    planted = PLANTED / plant.name / path.name
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(sound.replace(plant.old, plant.new))
    made = planted.with_suffix(".o")
    entry = compiled_with(path)
    if (together := pathlib.Path(entry["file"])) != path:
        text = together.read_text().replace(include_of(str(path.relative_to(ROOT / "src"))), include_of(str(planted)))
        planted = planted.with_name(together.name)
        planted.write_text(text)
    words = shlex.split(entry["command"])
    words[words.index("-o") + 1] = str(made)
    words[words.index("-c") + 1] = str(planted)
    build(pathlib.Path(entry["directory"]), [*words, "-Wno-error"])
    return made


def link_planted(plant: Plant, made: pathlib.Path) -> pathlib.Path:
    """The simulation as the build links it, with the planted file before the libraries, so that its definitions take precedence."""
    links = run(BUILD, ["ninja", "-t", "commands", "tidemark_sim"]).stdout.splitlines()[-1]
    words = [word for word in shlex.split(links) if word not in (":", "&&")]
    planted = PLANTED / plant.name / "tidemark_sim"
    out = words.index("-o")
    build(BUILD, [*words[:out], str(made), "-o", str(planted), *words[out + 2 :]])
    return planted


def find(plant: Plant) -> str | None:
    """The output of the simulation; None if it found nothing."""
    planted = link_planted(plant, compile_planted(plant))
    started = time.monotonic()
    found = run(ROOT, [str(planted), "--seeds", str(MOST_SEEDS), "--stop-at-first", *plant.world])
    seconds = time.monotonic() - started
    planted.unlink()
    seed = re.search(r"seed (\d+) (?:broke a promise: (.*)|(comes to no end)|ended the program)", found.stdout)
    if seed and run(ROOT, [str(BUILD / "tidemark_sim"), "--seed", seed[1], *plant.world]).returncode != 0:
        return None  # the original source fails there, too, which proves nothing
    return f"seed {seed[1]}, {seconds:.1f} s: {(seed[2] or seed[3] or 'a CHECK')[:90]}" if seed else None


def main() -> int:
    names = sys.argv[1:]
    chosen = [plant for plant in PLANTS if not names or plant.name in names]
    if not chosen:
        raise SystemExit(f"not ok - there are these plants: {', '.join(plant.name for plant in PLANTS)}")
    missed = 0
    for plant in chosen:
        found = find(plant)
        missed += found is None
        print(f"{'ok' if found else 'not ok'} - found the planted bug: {plant.what} ({found or f'{MOST_SEEDS} seeds saw nothing'})", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
