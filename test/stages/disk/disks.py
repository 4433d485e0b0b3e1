"""Small disks: a tmpfs of some size, filled with ballast that can be removed piece by piece."""

import os
import pathlib
import subprocess

MOUNTED = []


def unmount_all():
    while MOUNTED:
        subprocess.run(["umount", "--lazy", str(MOUNTED.pop())], check=True)


class Disk:
    """A tmpfs, mounted over a new folder."""

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
        """Adds pieces, the last one smaller, until exactly so many bytes are left."""
        while self.room() > leave:
            piece = self.place / f".ballast-{len(self.ballast)}"
            self.ballast.append(piece)
            piece.write_bytes(bytes(min(self.piece, self.room() - leave)))
        assert self.room() <= leave, self.room()

    def throw_out(self, pieces=None):
        """Removes that many pieces, or all of them. False if there was none left."""
        thrown = self.ballast[-pieces:] if pieces else self.ballast[:]
        for piece in thrown:
            piece.unlink()
            self.ballast.remove(piece)
        return bool(thrown)

    def mount_again(self, how):
        """`ro` or `rw`."""
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.place)], check=True)
