"""A single thread of a process hangs while all others go on: the service manager gets no more signs of life."""

import contextlib
import ctypes
import os
import pathlib
import socket

from fleet import PATIENCE, wait_until
from harness import Skip
from stand import PARTITIONS

SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17  # requests of ptrace(2)
WAIT_FOR_ANY_THREAD = 0x40000000  # __WALL
INTERVAL = 2  # seconds: the watchdog's; a sign is sent each quarter of it


def ptrace(request, thread):
    call = ctypes.CDLL(None, use_errno=True).ptrace
    call.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    if call(request, thread, None, None) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def named(member, name):
    """The threads of this name."""
    for task in pathlib.Path(f"/proc/{member.process.pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # it has ended meanwhile
            if (task / "comm").read_text().strip() == name:
                yield int(task.name)


@contextlib.contextmanager
def hanging(member, name):
    """Stops the thread of this name, and no other one of its process."""
    thread = min(named(member, name))  # the oldest: threads that it starts inherit its name
    try:
        ptrace(SEIZE, thread)
    except PermissionError as refused:
        raise Skip(f"ptrace is not allowed here: {refused}") from None
    ptrace(INTERRUPT, thread)
    os.waitpid(thread, WAIT_FOR_ANY_THREAD)
    try:
        yield
    finally:
        ptrace(DETACH, thread)


class Manager:
    """The socket of a service manager that expects signs of life."""

    def __init__(self, fleet, name):
        path = str(fleet.folder / f"{name}.notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.variables = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": str(INTERVAL * 1_000_000)}

    def sign(self, patience=PATIENCE):
        """Whether one comes within so many seconds."""
        self.socket.settimeout(patience)
        try:
            while self.socket.recv(4096) != b"WATCHDOG=1":
                pass
        except TimeoutError:
            return False
        return True

    def forget(self):
        self.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while self.socket.recv(4096):
                pass


def hung(stand):
    """the watchdog gets no sign of life while a worker, the ingest or the page's reader hangs, and gets some when it goes on"""
    with stand.fleet("hung") as fleet:
        names = {"analyze": "analyze-0", "store": "store-0", "ingest": "ingest", "serve": "serve"}
        more = {"store": ("--data", fleet.folder / "data"), "ingest": ("--feed", "simulator"), "serve": ("--port", "0")}
        managers = {verb: Manager(fleet, verb) for verb in names}
        members = {verb: fleet.start(verb, *more.get(verb, ()), variables=managers[verb].variables) for verb in names}
        for verb in ("analyze", "store"):
            wait_until(lambda verb=verb: len(members[verb].partitions()) == PARTITIONS, "it has all partitions", members[verb].evidence)
        for verb, thread in names.items():
            manager = managers[verb]
            assert manager.sign(), f"{verb} sends no sign of life"
            with hanging(members[verb], thread):
                manager.forget()
                signs = 0
                while signs < 20 and manager.sign(patience=2 * INTERVAL):
                    signs += 1
                assert signs < 20, f"{verb} hangs in its thread {thread} and sends signs of life"
                assert members[verb].lives(), members[verb].evidence()
            assert manager.sign(), f"{verb} goes on and sends no sign of life"
        for manager in managers.values():  # a full socket that nobody reads would hold up the end
            manager.socket.close()
        fleet.end()


CASES = [hung]
