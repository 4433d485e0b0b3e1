"""Headless Chromium with the page: sends commands to chromium.mjs and reads its answers."""

import contextlib
import json
import os
import pathlib
import subprocess

SCRIPT = pathlib.Path(__file__).with_name("chromium.mjs")


def is_there():
    """`./dev test browser` installs it."""
    has_playwright = (SCRIPT.parents[1] / "test/stages/browser/node_modules/playwright-core").exists()
    return has_playwright and pathlib.Path(os.environ.get("CHROMIUM", "/usr/bin/chromium")).exists()


class Chromium:
    def __init__(self):
        self.process = subprocess.Popen([os.environ["NODE"], SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, *words):
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"bench: Chromium ended at {words[0]}")
        return json.loads(answer)

    def call(self, function):
        return self.tell("call", function)["result"]

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)


@contextlib.contextmanager
def running():
    browser = Chromium()
    try:
        yield browser
    finally:
        browser.stop()
