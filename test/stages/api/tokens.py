"""Tokens of a file that changes while the program runs: issued, rotated, revoked, expired, damaged and repaired."""

import asyncio
import contextlib
import datetime
import json
import os
import pathlib
import signal
import subprocess
import threading

import websockets

from server_program import PATIENCE, running, wait_for

OLD = "a-token-of-some-length"


def verb(*words, code=0):
    said = subprocess.run([os.environ["TIDEMARK"], "token", *map(str, words)], capture_output=True, text=True, timeout=PATIENCE)
    assert said.returncode == code, f"{words}: {said}"
    return said


def issue(file, *words):
    return verb("issue", "--file", file, *words).stdout.strip()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def status(program, token):
    return program.ask("/api/v1/status", headers=bearer(token)).status


def token_file(data, text=f"{OLD}\n"):
    file = pathlib.Path(f"{data}.token")
    file.write_text(text)
    file.chmod(0o600)
    return file


class Listener:
    """A live client on its own thread: whether it is still connected, and the closing frame that it got."""

    def __init__(self, program, token):
        self.url, self.headers = program.live, bearer(token)
        self.heard, self.goodbye = 0, None
        self.thread = threading.Thread(target=lambda: asyncio.run(self.listen()), daemon=True)
        self.thread.start()
        wait_for("the snapshot", lambda: self.heard)

    async def listen(self):
        async with websockets.connect(self.url, additional_headers=self.headers, max_size=None) as live:
            with contextlib.suppress(websockets.ConnectionClosed):
                async for _ in live:
                    self.heard += 1
            self.goodbye = (live.close_code, live.close_reason)

    def still_listens(self):
        heard = self.heard
        wait_for("another message", lambda: self.heard > heard or self.goodbye)
        return self.goodbye is None


def case_a_file_of_one_line_is_a_token_file(data):
    with running("--token-file", str(token_file(data)), data=data) as program:
        assert status(program, OLD) == 200 and status(program, OLD[:-1]) == 401
        assert not any(OLD in str(event) for event in program.events)


def case_issued_tokens_are_taken_without_a_restart(data):
    file = pathlib.Path(f"{data}.token")
    first = issue(file, "--name", "desk")
    assert file.stat().st_mode & 0o777 == 0o600
    with running("--token-file", str(file), data=data) as program:
        second = issue(file)
        assert status(program, first) == 200
        wait_for("the second token", lambda: status(program, second) == 200)
        listener = Listener(program, second)
        third = issue(file, "--valid", "1h")
        program.process.send_signal(signal.SIGHUP)
        wait_for("the third token", lambda: status(program, third) == 200)
        assert listener.still_listens() and status(program, first) == 200
        everything = str(program.events)
        assert not any(token in everything for token in (first, second, third)), "a token has no place in the journal"
        assert "desk" in everything, "its name has"


def case_a_rotated_token_ends_after_the_overlap_and_its_clients_are_told(data):
    file = token_file(data)
    with running("--token-file", str(file), data=data) as program:
        old = Listener(program, OLD)
        new = verb("rotate", "--file", file, "--overlap", "4s").stdout.strip()
        wait_for("the new token", lambda: status(program, new) == 200)
        fresh = Listener(program, new)
        wait_for("the end of the old one", lambda: old.goodbye)
        assert old.goodbye == (4401, "the token has expired"), old.goodbye
        answer = program.ask("/api/v1/status", headers=bearer(OLD))
        assert answer.status == 401 and "has expired" in answer.json()["error"]["message"], answer.body
        assert fresh.still_listens()
        assert program.ask(f"/?token={OLD}").status == 401 and program.ask(f"/?token={new}").status == 303


def case_a_revoked_token_ends_at_once(data):
    file = token_file(data)
    gone = issue(file, "--name", "gone")
    with running("--token-file", str(file), data=data) as program:
        leaves, stays = Listener(program, gone), Listener(program, OLD)
        verb("revoke", "gone", "--file", file)
        wait_for("the goodbye", lambda: leaves.goodbye)
        assert leaves.goodbye == (4401, "the token was revoked"), leaves.goodbye
        assert status(program, gone) == 401
        assert stays.still_listens() and status(program, OLD) == 200
        assert "no other token is valid" in verb("revoke", "line-1", "--file", file, code=2).stderr


def case_a_wrong_file_is_told_and_the_old_tokens_hold(data):
    file = token_file(data)
    with running("--token-file", str(file), data=data) as program:
        told = lambda: [event["error"] for event in program.events if event.get("event") == "tokens.not_taken"]
        for text, sentence in (("", "no token"), (f"{OLD}\nshort\n", "line 2: too short"), (None, "no such file")):
            before = len(told())
            if text is None:
                file.unlink()
            else:
                file.with_suffix(".new").write_text(text)
                file.with_suffix(".new").replace(file)  # atomically, because the program may read it meanwhile
            wait_for("the warning", lambda: len(told()) > before)
            assert sentence in told()[-1] and OLD not in told()[-1], told()
            assert status(program, OLD) == 200
        token_file(data, f"# mended\n{OLD}-2 desk\n")
        wait_for("the mended file", lambda: status(program, f"{OLD}-2") == 200)
        assert status(program, OLD) == 401
        assert program.ask_as_owner("/api/v1/status").status == 200, "the owner needs none"


def case_several_at_once_lose_nothing(data):
    file = token_file(data, f"# the first\n{OLD} desk until 2099-01-01T00:00:00Z\n")
    issued, threads = [], []
    for _ in range(12):
        threads.append(threading.Thread(target=lambda: issued.append(issue(file))))
        threads[-1].start()
    for thread in threads:
        thread.join()
    lines = file.read_text().splitlines()
    assert lines[:2] == ["# the first", f"{OLD} desk until 2099-01-01T00:00:00Z"], lines
    assert sorted(line.split()[0] for line in lines[2:]) == sorted(issued) and len(set(issued)) == 12
    names = [line.split()[1] for line in lines[2:]]
    assert len(set(names)) == 12, names
    assert [path.name for path in file.parent.glob(f"*{file.name}*")] == [file.name], "nothing stays beside it"


def case_the_list_and_the_doctor_tell_and_show_no_token(data):
    file = token_file(data)
    made = issue(file, "--name", "soon", "--valid", "5d"), issue(file, "--name", "later", "--valid", "20d")
    listed = verb("list", "--file", file)
    said = [json.loads(line) for line in verb("list", "--file", file, "--json").stdout.splitlines()]
    assert [entry["name"] for entry in said] == ["line-1", "soon", "later"]
    assert said[0]["since"] is None and said[0]["until"] is None and all(entry["valid"] for entry in said)
    life = datetime.datetime.fromisoformat(said[1]["until"]) - datetime.datetime.fromisoformat(said[1]["since"])
    assert life == datetime.timedelta(days=5), life
    for token in (OLD, *made):
        assert token not in listed.stdout + listed.stderr + str(said)
    assert not listed.stderr
    file.chmod(0o644)
    assert "chmod 600" in verb("list", "--file", file).stderr
    words = [os.environ["TIDEMARK"], "doctor", "--json", "--port", "0", "--data", str(data), "--token-file", str(file)]
    found = lambda: [check for check in json.loads(subprocess.run(words, capture_output=True, text=True).stdout)["checks"]
                     if check["subject"] == "token"]
    details = [check["detail"] for check in found()]
    assert len(details) == 2 and "others on this machine" in details[0] and details[1].startswith("soon expires"), details
    file.write_text(f"{OLD} gone until 2020-01-01T00:00:00Z\n")
    file.chmod(0o600)
    assert [check["state"] for check in found()] == ["FAIL"], found()
