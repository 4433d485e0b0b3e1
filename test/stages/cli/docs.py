"""The documents that the program prints: docs/cli.md, docs/configuration.md, docs/tidemark.schema.json.

As a program of its own it writes them anew."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tomllib

import jsonschema

from program import PATIENCE, TIDEMARK, Folder
from words import VERBS

ROOT = pathlib.Path(__file__).resolve().parents[3]
CLI = ROOT / "docs/cli.md"
CONFIGURATION = ROOT / "docs/configuration.md"
SCHEMA = ROOT / "docs/tidemark.schema.json"
TABLES = re.compile(r"<!-- tidemark settings --markdown -->\n.*?<!-- end -->\n", re.DOTALL)
BOX = re.compile(r"<!-- tidemark (.*?) -->\n(?:\n```\n.*?```\n)?", re.DOTALL)


def with_boxes(text):
    """The document with what the program says in every box."""
    with Folder() as folder:
        return BOX.sub(lambda box: f"<!-- tidemark {box[1]} -->\n\n```\n{folder.run(*box[1].split()).stdout}```\n", text)


def check_cli_md():
    """docs/cli.md shows the help as the program tells it"""
    text = CLI.read_text()
    assert {box.split()[0] for box in BOX.findall(text)} == {"help", *VERBS}
    assert with_boxes(text) == text, "python3 test/stages/cli/docs.py writes it anew"


def with_tables(text):
    """docs/configuration.md with the tables that the program prints."""
    with Folder() as folder:
        tables = folder.run("settings", "--markdown").stdout
    return TABLES.sub(lambda _: f"<!-- tidemark settings --markdown -->\n\n{tables}\n<!-- end -->\n", text)


def schema():
    with Folder() as folder:
        return folder.run("settings", "--schema").stdout


def check_configuration_md():
    """docs/configuration.md and docs/tidemark.schema.json are what the program prints"""
    text = CONFIGURATION.read_text()
    assert len(TABLES.findall(text)) == 1
    assert with_tables(text) == text, "python3 test/stages/cli/docs.py writes it anew"
    assert SCHEMA.read_text() == schema(), "python3 test/stages/cli/docs.py writes it anew"


def documented():
    """name, default and alias of each setting in docs/configuration.md"""
    lines = [line for line in CONFIGURATION.read_text().splitlines() if line.startswith("| `")]
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]
    assert all(len(row) == 5 for row in cells), [row for row in cells if len(row) != 5]
    return [(row[0], row[2], row[4]) for row in cells]


def check_documented_settings():
    """what docs/configuration.md says of defaults and aliases is so"""
    with Folder() as folder:
        report = json.loads(folder.run("doctor", "--json", "--port", "0").stdout)
        known = {setting["name"]: setting["value"] for setting in report["settings"]}
        assert [name for name, _, _ in documented()] == list(known), "the same names in the same order"
        for name, default, alias in documented():
            assert name == "port" or default == known[name], (name, default, known[name])
            value = {"max-retries": "3", "symbols": "A", "retry-delay": "5s", "kafka-broker": "b:1"}.get(name, "0123456789")
            if not alias:
                continue
            said = folder.run("doctor", "--json", "--port", "0", environment={alias: value})
            found = {setting["name"]: setting["origin"] for setting in json.loads(said.stdout)["settings"]}
            assert found[name] == alias, (name, alias)


def check_settings():
    """settings lists what docs/configuration.md lists, and its schema takes the sample and refuses what doctor refuses"""
    with Folder() as folder:
        told = [json.loads(line) for line in folder.run("settings", "--json").stdout.splitlines()]
        assert [(one["name"], one["default"], one["alias"]) for one in told] == documented()
        eyes = folder.run("settings").stdout
        assert all(f"\n  {one['name']} " in eyes for one in told)
        assert folder.run("settings", "--json", "--schema").returncode == 2
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))
    validator.validate(tomllib.loads(toml_sample()))
    for wrong in ({"prot": 8051}, {"token": "0123456789abcdef"}, {"sort": "perhaps"}, {"files": [1]}):
        assert not validator.is_valid(wrong), wrong


def toml_sample():
    return re.search(r"```toml\n(.*?)```", CONFIGURATION.read_text(), re.DOTALL)[1]


def check_toml_sample():
    """the tidemark.toml of the docs is understood"""
    sample = toml_sample()
    with Folder() as folder:
        folder.write("tidemark.toml", sample)
        said = folder.run("doctor", "--port", "0")
        assert " setting " not in said.stdout, said.stdout


def examples(folder, verb):
    """The commands of a verb's help: what stands before two spaces."""
    text = folder.run(verb, "--help").stdout.split("Examples:\n")[1].split("\n\nExit codes:")[0]
    return [re.split(r"  +", line[2:])[0] for line in text.splitlines() if line.startswith("  ") and line[2] != " "]


def check_examples_of_run():
    """the examples in the help of run are accepted, with doctor in its place"""
    with Folder() as folder:
        for name in ("monday.jsonl.gz", "tuesday.jsonl.gz", "day.jsonl"):
            folder.write(name, "")
        token = folder.write("token", "0123456789abcdef\n")
        commands = examples(folder, "run")
        assert len(commands) >= 6
        for command in commands:
            words = shlex.split(command.split("| ")[-1].replace("~/.tidemark-token", token))
            assert words[:2] == ["tidemark", "run"], command
            said = folder.run("doctor", *words[2:])
            assert "Checks" in said.stdout and " setting " not in said.stdout, (command, said)


def check_examples():
    """the examples in the help of the other verbs run in a shell"""
    with Folder() as folder:
        (folder.path / "tidemark-data/lake").mkdir(parents=True)
        (folder.path / "day").mkdir()
        (folder.path / "bin").mkdir()
        os.symlink(TIDEMARK, folder.path / "bin/tidemark")
        bars = folder.write("bars.jsonl", folder.run("simulate").stdout)
        subprocess.run(["gzip", "-k", bars], check=True)
        os.link(bars + ".gz", folder.path / "day/a.gz")
        folder.write("question.sql", "SELECT count(*) FROM bars")
        environment = folder.environment({"PATH": f"{folder.path}/bin:{os.environ['PATH']}"})
        for verb in ("trends", "simulate", "query", "version"):
            for command in examples(folder, verb):
                if command.startswith("tail -f") or "--minutes 3000" in command:  # endless; long
                    continue
                command = re.sub(r"\| jq .*", "| cat", command)  # not on every machine
                said = subprocess.run(["bash", "-c", command], cwd=folder.path, env=environment, capture_output=True,
                                      text=True, timeout=PATIENCE)
                assert said.returncode == 0, (command, said)


if __name__ == "__main__":
    CLI.write_text(with_boxes(CLI.read_text()))
    CONFIGURATION.write_text(with_tables(CONFIGURATION.read_text()))
    SCHEMA.write_text(schema())
    sys.exit(0)
