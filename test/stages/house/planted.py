"""Shows that the rules can fail: small trees with one planted violation each, and valid look-alikes."""

import contextlib
import pathlib
import tempfile
import typing

DOOR = "// A room.\n"


class Planted(typing.NamedTuple):
    what: str
    files: dict[str, str]  # path -> text after the first comment and the guard
    rule: str | None  # the rule that must fail, or None


def header(*includes: str) -> str:
    return "#pragma once\n" + "".join(f"#include {name}\n" for name in includes)


BAR = {"src/core/market/bar.h": header("<string>")}
LOG = {"src/run/interfaces/log.h": header()}
NET = {"src/io/net/url.h": header()}


PARTS = {
    "supply/parts.toml": '[[part]]\nname = "zlib"\nhow = "linked"\nlicence = "Zlib"\nhome = "https://zlib.net"\ncmake = "ZLIB"\n',
    "src/CMakeLists.txt": "find_package(ZLIB REQUIRED)\nfind_package(GTest)\n",
    "web/package-lock.json": '{"packages": {"": {}, "node_modules/plot": {"version": "1.0.0", "license": "MIT", "integrity": "sha512-AA=="}}}',
    "THIRD-PARTY.md": "| [zlib](https://zlib.net) | Zlib | linked |  |\n| [plot](https://www.npmjs.com/package/plot) | MIT | in the page |  |\n",
}


def core(code: str) -> dict[str, str]:
    return {"src/core/stream/window.cc": code}


def run(code: str) -> dict[str, str]:
    return {"src/run/roles/loop.cc": code}


def anonymous(code: str) -> str:
    return "namespace tidemark {\nnamespace {\n" + code + "}  // namespace\n}  // namespace tidemark\n"


def one_name(one: str, other: str) -> dict[str, str]:
    """Two files of one folder."""
    return {"src/core/market/a.cc": anonymous(one), "src/core/market/b.cc": anonymous(other)}


CASES = [
    # Who may include whom.
    Planted("core includes run", LOG | core('#include "run/interfaces/log.h"\n'), "borders"),
    Planted("run includes io", NET | run('#include "io/net/url.h"\n'), "borders"),
    Planted("an interface of run includes a role", {"src/run/roles/role.h": header(), "src/run/interfaces/a.h": header('"run/roles/role.h"')}, "borders"),
    Planted("a setting includes a verb", {"src/app/live/verb.h": header(), "src/app/config/a.cc": '#include "app/live/verb.h"\n'}, "borders"),
    Planted("a verb includes its settings", {"src/app/config/s.h": header(), "src/app/live/a.cc": '#include "app/config/s.h"\n'}, None),
    Planted("io includes app", {"src/app/verb.h": header(), "src/io/net/a.cc": '#include "app/verb.h"\n'}, "borders"),
    Planted("io includes sim", {"src/sim/slow.h": header(), "src/io/net/a.cc": '#include "sim/slow.h"\n'}, "borders"),
    Planted("app includes sim", {"src/sim/slow.h": header(), "src/app/a.cc": '#include "sim/slow.h"\n'}, "borders"),
    Planted("sim names Boost", {"src/sim/slow.cc": "#include <boost/asio.hpp>\n"}, "borders"),
    Planted("a header of sim names SQLite", {"src/sim/slow.h": header("<sqlite3.h>")}, "borders"),
    Planted("sim includes io", NET | {"src/sim/slow.cc": '#include "io/net/url.h"\n'}, None),
    Planted("a room of io includes another", {"src/io/kafka/k.h": header(), "src/io/serve/a.cc": '#include "io/kafka/k.h"\n'}, "borders"),
    Planted("a shared room of io includes a private one", {"src/io/serve/s.h": header(), "src/io/net/a.cc": '#include "io/serve/s.h"\n'}, "borders"),
    Planted("time includes market", BAR | {"src/core/time/clock.h": header('"core/market/bar.h"')}, "borders"),
    Planted("stream includes its neighbour wire", {"src/core/wire/w.h": header()} | core('#include "core/wire/w.h"\n'), "borders"),
    Planted("stream includes signal", {"src/core/signal/s.h": header()} | core('#include "core/signal/s.h"\n'), "borders"),
    Planted("number includes time", {"src/core/time/t.h": header(), "src/core/number/n.h": header('"core/time/t.h"')}, "borders"),
    Planted("a new room in core without a place", {"src/core/weather/rain.h": header()}, "borders"),
    Planted("a new layer", {"src/extra/a.h": header()}, "borders"),
    Planted("an include that is not rooted at src", BAR | {"src/core/market/a.cc": '#include "bar.h"\n'}, "borders"),
    Planted("a test of core includes run", LOG | {"src/core/stream/window_test.cc": '#include "run/interfaces/log.h"\n'}, "borders"),
    Planted("core names Boost", core("#include <boost/asio.hpp>\n"), "borders"),
    Planted("run names POSIX", run("#include <unistd.h>\n"), "borders"),
    Planted("a header of io names SQLite", {"src/io/embedded/log.h": header("<sqlite3.h>")}, "borders"),
    Planted("app names SQLite's header", {"src/app/verb.cc": "#include <arrow/api.h>\n"}, "borders"),
    Planted("a header of app names CLI11", {"src/app/verb.h": header("<CLI/CLI.hpp>")}, "borders"),
    Planted("two files name CLI11", {f"src/app/{n}.cc": "#include <CLI/CLI.hpp>\n" for n in "ab"}, "borders"),
    Planted("two files name toml++", {f"src/app/{n}.cc": "#include <toml++/toml.h>\n" for n in "ab"}, "borders"),
    # What core and run may not do.
    Planted("core reads the clock", core("auto t = std::chrono::system_clock::now();\n"), "bans"),
    Planted("core asks a clock", core("auto t = clock.now();\n"), "bans"),
    Planted("run reads the clock", run("auto t = std::chrono::steady_clock::now();\n"), "bans"),
    Planted("run starts a thread", run("std::jthread worker(work);\n"), "bans"),
    Planted("core uses async", core("auto f = std::async(work);\n"), "bans"),
    Planted("core locks", core("std::mutex door;\n"), "bans"),
    Planted("run sleeps", run("std::this_thread::sleep_for(1s);\n"), "bans"),
    Planted("core throws dice", core("int x = rand();\n"), "bans"),
    Planted("core asks the machine for chance", core("std::random_device chance;\n"), "bans"),
    Planted("core has an engine without a seed", core("std::mt19937_64 engine;\n"), "bans"),
    Planted("core draws with a library's distribution", core("std::normal_distribution<double> step(0, 1);\n"), "bans"),
    Planted("run reads the environment", run('auto home = std::getenv("HOME");\n'), "bans"),
    Planted("core opens a file", core("#include <fstream>\nstd::ifstream in(name);\n"), "bans"),
    Planted("run looks at the file system", run("if (std::filesystem::exists(p)) return;\n"), "bans"),
    Planted("core prints", core('#include <iostream>\nvoid f() { std::cout << "x"; }\n'), "bans"),
    Planted("core complains on standard error", core("void f() { std::fprintf(stderr, x); }\n"), "bans"),
    # Names, doors, length.
    Planted("a drawer as a file", {"src/core/time/time_utils.h": header()}, "names"),
    Planted("a drawer as a folder", {"web/src/helpers/chart.ts": "export {}\n"}, "names"),
    Planted("a drawer as a type", core("class WindowManager {};\n"), "names"),
    Planted("a file of 450 lines", core("int x;\n" * 449), "length"),
    Planted("a function of 71 lines", core("int f() {\n" + "  g();\n" * 69 + "}\n"), "functions"),
    Planted("a member of 71 lines behind its class's label", core("class A {\n public:\n  void f() const override {\n" + "    g();\n" * 69 + "  }\n};\n"), "functions"),
    Planted("a constructor of 72 lines", core("A::A() : a_(1), b_{2} {\n  c_ = 1;\n" + "  g();\n" * 69 + "}\n"), "functions"),
    Planted("a lambda of 71 lines", core("const auto f = [] {\n" + "  g();\n" * 69 + "};\n"), "functions"),
    Planted("a function of 71 lines in Python", {"test/lib/a.py": "def f():\n" + "    g()\n" * 70}, "functions"),
    Planted("a function of 71 lines in a script of Python", {"test/stages/a/run": "#!/usr/bin/env python3\ndef f():\n" + "    g()\n" * 70}, "functions"),
    Planted("a function of 71 lines in shell", {"tools/dev/a.sh": "f() {\n" + "    g\n" * 69 + "}\n"}, "functions"),
    Planted("a method of 71 lines in TypeScript", {"web/src/a.ts": "export class A {\n  f(a: string): void {\n" + "    g();\n" * 69 + "  }\n}\n"}, "functions"),
    Planted("a function that is not closed", core("void f() {\n"), "functions"),
    Planted("a header without a guard", {"src/core/time/t.h": "\n"}, "doors"),
    # Files that are compiled together.
    Planted("two files with a constant of one name", one_name("constexpr int most = 1;\n", "constexpr int most = 1;\n"), "unity"),
    Planted("two files with a type of one name", one_name("struct Key {\n  int a;\n};\n", "class Key final : public Base {};\n"), "unity"),
    Planted("two files with the same function", one_name("int size_of(const Bar& bar) { return 1; }\n", "int size_of(const Bar& one);\n"), "unity"),
    Planted("a function with the name of a constant", one_name("template <typename T>\nstd::map<int, T> most(T a) {\n  return a;\n}\n", "const Most most{1};\n"), "unity"),
    Planted("an alias of two meanings", one_name("using Clock = std::chrono::steady_clock;\n", "using Clock = std::chrono::system_clock;\n"), "unity"),
    Planted("two static functions", {f"src/core/market/{n}.cc": "namespace tidemark {\nstatic int f() { return 1; }\n}\n" for n in "ab"}, "unity"),
    Planted("two constants beside anonymous namespaces", {f"src/core/market/{n}.cc": "namespace tidemark {\nconstexpr int most = 1;\n}\n" for n in "ab"}, "unity"),
    Planted("two tests with a type of one name", {f"src/core/market/{n}_test.cc": anonymous("struct Case {};\n") for n in "ab"}, "unity"),
    Planted("a test with a name of the file it tests", {f"src/core/market/{n}.cc": anonymous("struct Case {};\n") for n in ("a", "a_test")}, None),
    # What is fetched, and what the program is made of.
    Planted("a wheel without a hash", {"supply/python/a.txt": "numpy==1.0.0\n"}, "locks"),
    Planted("a wheel without a version", {"supply/python/a.txt": f"numpy --hash=sha256:{'0' * 64}\n"}, "locks"),
    Planted("a list of wheels that is not locked", {"supply/python/a.in": "numpy==1.0.0\n"}, "locks"),
    Planted("a stage that needs a wheel nobody locked", {"test/stages/api/needs": "pip numpy\n"}, "locks"),
    Planted("pip without hashes", {"bench/run": "python -m pip install numpy\n"}, "locks"),
    Planted("npm that takes the newest", {"dev": "npm install vite\n"}, "locks"),
    Planted("npm that takes the newest, in a page of dev", {"tools/dev/wheels.sh": "npm install vite\n"}, "locks"),
    Planted("an npm package without a checksum", {"web/package-lock.json": '{"packages": {"node_modules/a": {"version": "1"}}}'}, "locks"),
    Planted("an npm package from elsewhere", {"web/package-lock.json": '{"packages": {"node_modules/a": {"integrity": "x", "resolved": "http://a"}}}'}, "locks"),
    Planted("a package.json without a lock", {"web/package.json": "{}"}, "locks"),
    Planted("jars without checksums", {"test/lib/kafka/pom.xml": "<project/>"}, "locks"),
    Planted("Go modules without checksums", {"test/go/go.mod": "module a\n"}, "locks"),
    Planted("a library that is not listed", PARTS | {"src/CMakeLists.txt": "find_package(ZLIB)\nfind_package(Brotli)\n"}, "parts"),
    Planted("a library that has gone", PARTS | {"src/CMakeLists.txt": "\n"}, "parts"),
    Planted("a licence that has changed", PARTS | {"THIRD-PARTY.md": PARTS["THIRD-PARTY.md"].replace("MIT", "ISC")}, "parts"),
    Planted("a package of the page that is not listed", PARTS | {"THIRD-PARTY.md": PARTS["THIRD-PARTY.md"].split("\n")[0]}, "parts"),
    Planted("a promise without a unit test", {"SECURITY.md": "Held. (`Door.IsShut`)\n"}, "promises"),
    Planted("a promise without a case", {"SECURITY.md": "Held. (`doors: it is shut`)\n"}, "promises"),
    # Valid look-alikes.
    Planted("a promise with its test", {"SECURITY.md": "Held. (`Door.IsShut`, `doors: it is shut`)\n", "src/io/net/a_test.cc": "TEST(Door, IsShut) {}\n", "test/stages/api/doors.py": "def case_it_is_shut(data):\n    pass\n"}, None),
    Planted("parts that are listed, in any version", PARTS | {"supply/python/a.txt": f"a==1 ; python_version > '3' \\\n    --hash=sha256:{'0' * 64}\n"}, None),
    Planted("core leans on earlier rooms and fmt", BAR | core('#include <fmt/format.h>\n#include "core/market/bar.h"\n'), None),
    Planted("a room of io uses the shared ones and its library", NET | LOG | {"src/io/kafka/log.cc": '#include <librdkafka/rdkafka.h>\n#include "io/net/url.h"\n#include "run/interfaces/log.h"\n'}, None),
    Planted("comments and strings are no code", core('// std::thread and rand()\n/* getenv */\nauto s = "now()"; auto url = "http://x/rand()";\n'), None),
    Planted("run declares and asks a Clock", run("Time t = clock.now();\nvirtual Result<Lease> open(Options o) = 0;\n"), None),
    Planted("a seeded engine and words that contain banned ones", core("std::mt19937_64 engine(seed);\nint brand(int operand); x = brand(3);\n"), None),
    Planted("a test of core reads its cases and simulates", {"src/core/simulator/market.h": header(), "src/core/stream/window_test.cc": '#include <gtest/gtest.h>\n#include <fstream>\n#include "core/simulator/market.h"\nstd::ifstream cases(name);\n'}, None),
    Planted("a broken promise says its last words", {"src/core/check.h": header("<cstdio>") + "inline void f() { std::fprintf(stderr, x); }\n"}, None),
    Planted("a digit separator starts no character", core("constexpr int a = 1'000'000;\nconstexpr int b = 2'000;\n"), None),
    Planted("a function of 70 lines, and a second", core("int f() {\n" + "  g();\n" * 68 + "}\nint h() {\n" + "  g();\n" * 68 + "}\n"), None),
    Planted("a long class of short functions, and a long table", core("class A {\n public:\n" + "  int f() const { return 1; }\n" * 90 + "};\nconstexpr std::array table{\n" + "    Row{1, 2},\n" * 90 + "};\n"), None),
    Planted("braces in texts, templates and patterns of scripts", {"web/src/a.ts": "const a = `{${b}`;\nconst c = /[{\"']/.test(d);\n" + "f();\n" * 80}, None),
    Planted("an overload, an alias that says the same, members and locals", one_name("using Clock = A;\nint f(const Bar& a) { int b = 1; return b; }\nstruct A {\n  int g() { return 1; }\n};\n", "using Clock = A;\nint f(const Trend& a) { int b = 1; return b; }\nstruct B {\n  int g() { return 1; }\n};\n"), None),
    Planted("one name in two folders, in two namespaces, in a test", {"src/core/market/a.cc": anonymous("int f;\n"), "src/core/time/a.cc": anonymous("int f;\n"), "src/core/market/b.cc": anonymous("int f;\n").replace("tidemark", "tidemark::other"), "src/core/market/a_test.cc": anonymous("int f;\n")}, None),
    Planted("one name in files that are compiled alone", one_name("int f;\n", "int f;\n") | {"cmake/Rooms.cmake": "set(TIDEMARK_ALONE io/net/a.cc)\nlist(APPEND TIDEMARK_ALONE core/market/b.cc)\n"}, None),
    Planted("a file of 449 lines", core("int x;\n" * 448), None),
]


@contextlib.contextmanager
def planted(files: dict[str, str]) -> typing.Iterator[pathlib.Path]:
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "src").mkdir()
        for path, text in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        yield root


def judge(rules: typing.Callable[[pathlib.Path], list]) -> typing.Iterator[tuple[bool, str, list[str]]]:
    """Yields for each case whether the rules reported what they must, its name, and their reports."""
    for case in CASES:
        with planted({path: DOOR + text if path.endswith((".cc", ".h")) else text for path, text in case.files.items()}) as root:
            findings = rules(root)
        expected = set() if case.rule is None else {case.rule}
        verb = "finds" if case.rule else "leaves in peace"
        yield {finding.rule for finding in findings} == expected, f"{verb}: {case.what}", [str(f) for f in findings]
    for what, file in (("source without a header", "src/app/verb.cc"), ("header", "src/app/verb.h")):
        with planted({file: "#pragma once\n"}) as root:
            findings = rules(root)
        yield [f.rule for f in findings] == ["doors"], f"finds: a {what} without a first sentence", [str(f) for f in findings]
    with planted({"src/app/verb.h": DOOR + "#pragma once\n", "src/app/verb.cc": '#include "app/verb.h"\n'}) as root:
        findings = rules(root)
    yield not findings, "leaves in peace: a source behind its header's door", [str(f) for f in findings]
