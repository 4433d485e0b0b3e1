"""Small disks of their own: a tmpfs of some size, with a ballast that takes its room until it is thrown out."""

import os
import pathlib
import subprocess

MOUNTED = []


def unmount_all():
    while MOUNTED:
        subprocess.run(["umount", "--lazy", str(MOUNTED.pop())], check=True)


class Disk:
    """A tmpfs, mounted over a folder that is made."""

    def __init__(self, place, megabytes, piece=1 << 20):
        self.place = pathlib.Path(place)
        self.place.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tidemark", str(self.place)], check=True)
        self.piece, self.ballast = piece, []
        MOUNTED.append(self.place)

    def room(self):
        facts = os.statvfs(self.place)
        return facts.f_bfree * facts.f_frsize

    def fill(self, leave):
        """Pieces, and a smaller one at last, until just so many bytes are left."""
        while self.room() > leave:
            piece = self.place / f".ballast-{len(self.ballast)}"
            self.ballast.append(piece)
            piece.write_bytes(bytes(min(self.piece, self.room() - leave)))
        assert self.room() <= leave, self.room()

    def throw_out(self, pieces=None):
        """Room for that many pieces more; for all of them. False when there was none left."""
        thrown = self.ballast[-pieces:] if pieces else self.ballast[:]
        for piece in thrown:
            piece.unlink()
            self.ballast.remove(piece)
        return bool(thrown)

    def mount_again(self, how):
        """`ro` or `rw`."""
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.place)], check=True)
