"""Checks with readelf and objdump that a program has the protection of cmake/Hardening.cmake: hardening.py PROGRAM FOLDER.

Each check must first fail on a program compiled without any protection (in FOLDER), because a check that cannot fail proves nothing.
"""

import pathlib
import platform
import re
import subprocess
import sys

IS_X86 = platform.machine() == "x86_64"

VICTIM = """
#include <cstdio>
namespace apache::thrift { int seen = 1; }
int main() { char name[8]; if (std::scanf("%7s", name) == 1) std::puts(name); }
"""


def said_by(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


class Program:
    def __init__(self, path):
        self.path = path
        self.header = said_by("readelf", "-hW", path)
        self.segments = said_by("readelf", "-lW", path)
        self.dynamic = said_by("readelf", "-dW", path)
        self.notes = said_by("readelf", "-nW", path)
        self.symbols = said_by("readelf", "--dyn-syms", "-W", path)
        self.imports = set(re.findall(r" UND (\S+?)(?:@\S*)?(?: \(\d+\))?$", self.symbols, re.MULTILINE))

    def segment_flags(self, kind):
        """The flags of the segments of a kind: R, W, E."""
        return [found.replace(" ", "") for found in re.findall(rf"^ +{kind}(?: +0x\S+){{5}} ([R ][W ][E ]) ", self.segments, re.MULTILINE)]

    def code_of_main(self):
        return said_by("objdump", "-d", "--disassemble=main", "--no-show-raw-insn", self.path)


def is_position_independent(program):
    return re.search(r"Type: +DYN", program.header) and re.search(r"FLAGS_1\).*\bPIE\b", program.dynamic)


def has_read_only_imports(program):
    return program.segment_flags("GNU_RELRO") and re.search(r"\(FLAGS\).*BIND_NOW|\(BIND_NOW\)|FLAGS_1\).*\bNOW\b", program.dynamic)


def has_canaries(program):
    return "__stack_chk_fail" in program.imports


def is_fortified(program):
    return [name for name in program.imports if re.fullmatch(r"__\w+_chk", name)]


def asserts_containers(program):
    return any("glibcxx_assert_fail" in name for name in program.imports)


def executes_no_data(program):
    flags = program.segment_flags("GNU_STACK") + program.segment_flags("LOAD")
    return program.segment_flags("GNU_STACK") and not any("W" in flag and "E" in flag for flag in flags)


def marks_shadow_stack(program):
    return re.search(r"x86 feature: .*SHSTK", program.notes)


def begins_with_landing_pads(program):
    return re.search(r"<main>:\n +[0-9a-f]+:\s+endbr64", program.code_of_main())


def marks_landing_pads(program):
    return re.search(r"x86 feature: .*IBT", program.notes)


def hides_thrift(program):
    """libparquet has a Thrift of another version, which the loader must not mix with the program's (cmake/FindThrift.cmake)."""
    return "6apache6thrift" not in program.symbols


PROPERTIES = {
    "it is loaded at a random address": is_position_independent,
    "its table of imports is read-only from the start": has_read_only_imports,
    "its stacks have canaries": has_canaries,
    "it calls the functions of libc that check sizes": is_fortified,
    "an index behind the end of a container ends it": asserts_containers,
    "no memory of it can be written and executed": executes_no_data,
    "no library that it loads meets its Thrift": hides_thrift,
}
X86 = {
    "it is marked for a shadow stack": marks_shadow_stack,
    "its functions begin where an indirect call may land": begins_with_landing_pads,
}


def unprotected(folder):
    source, program = folder / "victim.cc", folder / "victim"
    source.write_text(VICTIM)
    off = ["-fno-stack-protector", "-U_FORTIFY_SOURCE", "-no-pie", "-Wl,-z,norelro", "-Wl,-z,lazy", "-Wl,-z,execstack", "-rdynamic"]
    said_by("g++", "-O0", *off, *(["-fcf-protection=none"] if IS_X86 else []), source, "-o", program)
    return Program(program)


def startup_code_is_marked():
    """The linker marks a program for IBT only if all objects are marked, and Debian 12's startup code is not."""
    return re.search(r"x86 feature: .*IBT", said_by("readelf", "-nW", said_by("g++", "-print-file-name=Scrt1.o").strip()))


def main(path, folder):
    program, victim = Program(path), unprotected(pathlib.Path(folder))
    failed = False
    for name, has in (PROPERTIES | (X86 if IS_X86 else {})).items():
        right = bool(has(program)) and not has(victim)
        if has(victim):
            print(f"# and so it is in a program without protection: this case finds nothing ({has.__name__})")
        print(f"{'ok' if right else 'not ok'} - {name}")
        failed |= not right
    name = "it is marked for indirect calls that land"
    if not IS_X86:
        print("skip - marks of control-flow protection: this is no x86")
    elif not startup_code_is_marked():
        print(f"skip - {name}: this system's startup code (Scrt1.o) is not, and so no program is")
    else:
        print(f"{'ok' if marks_landing_pads(program) else 'not ok'} - {name}")
        failed |= not marks_landing_pads(program)
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
