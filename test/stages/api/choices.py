"""Symbols chosen over the API: who may choose, the answers, and the effect on board and status."""

import json
import subprocess
import os

import contract
from server_program import running, wait_for

PATH = "/api/v1/symbols/chosen"
SCHEMA = "/paths/~1api~1v1~1symbols~1chosen/post/responses"
JSON = {"Content-Type": "application/json"}


def post(ask, body, headers=None):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return ask(PATH, "POST", headers={**JSON, **(headers or {})}, body=text)


def refusal(answer, status):
    assert answer.status == status, f"{answer.status} {answer.body}"
    contract.check(answer.json(), "/components/schemas/Error")
    return answer.json()["error"]["message"]


def case_the_owner_chooses_and_everybody_sees(data):
    with running(data=data) as program:
        before = program.ask(PATH).json()
        assert before == {"feed": "simulator", "chosen": False, "symbols": ["AAPL", "TSLA", "GOOGL", "MSFT", "AMZN"], "told": []}
        answer = post(program.ask_as_owner, {"set": ["NVDA", "AAPL"]})
        assert answer.status == 200, answer.body
        contract.check(answer.json(), "/components/schemas/ChosenSymbols")
        assert program.ask(PATH).json() == {"feed": "simulator", "chosen": True, "symbols": ["NVDA", "AAPL"], "told": []}
        assert program.ask("/api/v1/status").json()["feed"]["detail"] == "2 symbols, chosen at run time"
        shown = lambda: [entry["symbol"] for entry in program.ask("/api/v1/symbols").json()["symbols"]]
        wait_for("the new one on the board", lambda: "NVDA" in shown())
        assert "TSLA" in shown(), "the board keeps the rows of what was removed"
        told = post(program.ask_as_owner, {"remove": ["TSLA"]}).json()
        assert told["told"] == ["TSLA was not among the symbols"] and told["symbols"] == ["NVDA", "AAPL"]
        assert post(program.ask_as_owner, {"reset": True}).json() == before


def case_what_is_no_change_is_refused(data):
    with running(data=data) as program:
        for body, sentence in (
            (b"add", "invalid JSON"),
            ({}, "is read here"),
            ({"add": "A"}, "is read here"),
            ({"add": ["A"], "remove": ["B"]}, "is read here"),
            ({"add": []}, "at least one"),
            ({"add": ["A B"]}, "is no symbol"),
            ({"add": ["A", "A"]}, "twice"),
            ({"remove": ["AAPL", "TSLA", "GOOGL", "MSFT", "AMZN"]}, "would be left"),
        ):
            assert sentence in refusal(post(program.ask_as_owner, body), 400), body
        refusal(program.ask_as_owner(PATH, "POST", body=b'{"add":["A"]}'), 415)
        assert refusal(program.ask_as_owner(PATH, "DELETE"), 405)
        assert len(program.ask(PATH).json()["symbols"]) == 5


def case_by_the_port_only_who_may_chooses(data):
    with running(data=data) as program:
        assert "allow-changes" in refusal(post(program.ask, {"add": ["A"]}), 403)
    with running("--allow-changes", "loopback", data=data) as program:
        assert post(program.ask, {"add": ["A"]}).status == 200
        refusal(post(program.ask, {"add": ["B"]}, {"Origin": "https://elsewhere.example"}), 403)
        refusal(program.ask(PATH, "POST", headers={"Content-Type": "text/plain"}, body=b'{"add":["B"]}'), 415)
        assert program.ask(PATH).json()["symbols"][-1] == "A"


def case_a_replay_has_the_symbols_of_its_file(data):
    bars = f"{data}.jsonl"
    with open(bars, "w") as file:
        subprocess.run([os.environ["TIDEMARK"], "simulate", "--minutes", "5"], stdout=file, check=True)
    with running(bars, data=data) as program:
        for answer in (program.ask(PATH), post(program.ask_as_owner, {"add": ["A"]})):
            assert "replay brings the symbols of its input" in refusal(answer, 409)
