"""Who may include whom (ARCHITECTURE.md): app -> io -> run -> core, sim -> io, and the order of rooms in core."""

import pathlib
import re
import typing

from tree import Finding, sources

LAYERS = {
    "core": {"core"},
    "run": {"core", "run"},
    "io": {"core", "run", "io"},
    "sim": {"core", "run", "io", "sim"},  # drives the real log and lake; nobody includes it
    "app": {"core", "run", "io", "app"},
}

# A room sees its own files and the rooms of earlier lines; rooms of one line do not see one another.
# "" stands for files directly in core/, which every file may include.
CORE_ORDER = [
    {""},
    {"number"},
    {"time"},
    {"market"},
    {"indicator"},
    {"wire", "stream", "sentiment", "simulator"},
    {"signal", "transcribe"},
    {"portfolio"},
    {"pipeline"},
]

# The loops include the interfaces, and what carries the work between them.
RUN_ORDER = [
    {"interfaces"},
    {"live_feed", "page", "dead_letters", "catalog"},
    {"roles"},
]

# A verb includes the rooms below it; main and the table of verbs ("") know all of them.
APP_ORDER = [
    {"process"},
    {"config"},
    {"command_line"},
    {"data_dir"},
    {"feeds"},
    {"filter", "dead_letters", "upkeep"},
    {"history"},
    {"live"},
    {"cluster"},
    {"doctor"},
    {""},
]

ORDERS = {"core": CORE_ORDER, "run": RUN_ORDER, "app": APP_ORDER}

# The rooms of io that other rooms may use, and what these may use themselves.
SHARED_ROOMS = {"net": {"observe"}, "observe": set(), "disk": set(), "parquet": {"disk"}}

STANDARD = set(
    """algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes
    climits clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef
    cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution expected filesystem flat_map
    flat_set format forward_list fstream functional future generator initializer_list iomanip ios iosfwd iostream
    istream iterator latch limits list locale map mdspan memory memory_resource mutex new numbers numeric optional
    ostream print queue random ranges ratio regex scoped_allocator semaphore set shared_mutex source_location span
    spanstream sstream stack stacktrace stdexcept stdfloat stop_token streambuf string string_view strstream
    syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray
    variant vector version""".split()
)

INCLUDE = re.compile(r'^\s*#\s*include\s*(<([^>]+)>|"([^"]+)")', re.MULTILINE)


def is_test(path: pathlib.PurePosixPath) -> bool:
    return path.stem.endswith("_test")


def room_of(path: pathlib.PurePosixPath) -> str:
    """The folder below the layer: core/time/x.h -> time, core/check.h -> ''."""
    return path.parts[1] if len(path.parts) > 2 else ""


def rank_of(layer: str, room: str) -> int | None:
    return next((rank for rank, rooms in enumerate(ORDERS[layer]) if room in rooms), None)


def why_not(path: pathlib.PurePosixPath, other: pathlib.PurePosixPath) -> str | None:
    """The reason why a file of src/ may not include another one; None when it may."""
    layer, other_layer = path.parts[0], other.parts[0]
    if other_layer not in LAYERS[layer]:
        return f"{layer} may not include {other_layer}"
    room, other_room = room_of(path), room_of(other)
    if layer == other_layer == "io" and room != other_room:
        if other_room not in SHARED_ROOMS:
            return f"io/{room} may not include io/{other_room}; only {', '.join(sorted(SHARED_ROOMS))} are shared"
        if room in SHARED_ROOMS and other_room not in SHARED_ROOMS[room]:
            return f"io/{room} lies below io/{other_room}"
    # A test may include any room of its layer: a window is best tested on simulated bars.
    if layer == other_layer and layer in ORDERS and room != other_room and not is_test(path):
        rank, other_rank = rank_of(layer, room), rank_of(layer, other_room)
        if rank is not None and other_rank is not None and rank <= other_rank:
            return f"{layer}/{room or path.name} may not include {layer}/{other_room or other.name}: it comes later or stands beside"
    return None


def outside_reason(path: pathlib.PurePosixPath, header: str) -> str | None:
    """The reason why a file may not include a header that is not ours and not the standard library's."""
    layer = path.parts[0]
    if header.startswith("fmt/"):
        return None
    if is_test(path):
        test_only = header.startswith(("gtest/", "gmock/"))
        return None if test_only or layer in {"io", "sim", "app"} else f"a test of {layer} may not name <{header}>"
    if layer == "app" and path.suffix == ".cc":
        # Listed separately, because each is heavy and belongs to one file.
        if header.startswith(("CLI/", "toml++/")) or is_system(header):
            return None
    if layer == "io" and path.suffix == ".cc":
        return None if not header.startswith("CLI/") else "<CLI/...> belongs to one file of app"
    # The hostile twins of SQLite and of the disk, a reader of Parquet, and a main that forks.
    if layer == "sim" and path.suffix == ".cc":
        return None if header.startswith(("arrow/", "parquet/", "sqlite3.h")) or is_system(header) else f"sim has no use for <{header}>"
    if layer in {"core", "run"}:
        return f"{layer} may name only the standard library and fmt, not <{header}>"
    return f"<{header}> may be named only in io/<room>/*.cc"


def is_system(header: str) -> bool:
    """POSIX and Linux: <unistd.h>, <sys/wait.h>."""
    return header.endswith(".h") and (header.count("/") == 0 or header.startswith(("sys/", "linux/", "netinet/", "arpa/")))


def check(root: pathlib.Path) -> typing.Iterator[Finding]:
    everything = list(sources(root))
    known = {str(path) for path, _ in everything}
    single_use: dict[str, list[Finding]] = {"CLI/": [], "toml++/": []}
    for path, text in everything:
        if path.parts[0] not in LAYERS:
            yield Finding("borders", f"src/{path}", 1, f"src/{path.parts[0]} is no layer; there are {', '.join(LAYERS)}")
            continue
        layer, room = path.parts[0], room_of(path)
        if layer in ORDERS and rank_of(layer, room) is None:
            yield Finding("borders", f"src/{path}", 1, f"{layer}/{room} has no place in the order of test/stages/house/borders.py")
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            header = match[2] or match[3]
            place = ("borders", f"src/{path}", line)
            if match[3] is not None:
                if header in known:
                    reason = why_not(path, pathlib.PurePosixPath(header))
                else:
                    reason = f'"{header}" is no file of src/; includes are rooted there'
            else:
                reason = None if header in STANDARD else outside_reason(path, header)
                for prefix, users in single_use.items():
                    if header.startswith(prefix) and not is_test(path):
                        users.append(Finding(*place, f"<{prefix}...> belongs to one file, and more than one names it"))
            if reason:
                yield Finding(*place, reason)
    for users in single_use.values():
        if len({finding.path for finding in users}) > 1:
            yield from users
