"""tidemark.toml, .env and environment, tested from outside."""

import json
import pathlib

from program import Folder


def settings(folder, *arguments, environment=None):
    said = folder.run("doctor", "--json", "--port", "0", *arguments, environment=environment)
    return {setting["name"]: setting for setting in json.loads(said.stdout)["settings"]}


def check_precedence():
    """flags go before environment before .env before tidemark.toml before default"""
    with Folder() as folder:
        toml = folder.path / "tidemark.toml"
        toml.write_text('# where it begins\nseed = 4\n')
        dot_env = folder.path / ".env"
        dot_env.write_text("TIDEMARK_SEED=3\n")
        environment = {"TIDEMARK_SEED": "2"}

        def seed(*arguments, **options):
            setting = settings(folder, *arguments, **options)["seed"]
            return setting["value"], setting["origin"]

        assert seed("--seed", "1", environment=environment) == ("1", "--seed")
        assert seed(environment=environment) == ("2", "TIDEMARK_SEED")
        assert seed() == ("3", ".env:1 (TIDEMARK_SEED)")
        dot_env.unlink()
        assert seed() == ("4", "tidemark.toml:2")
        toml.unlink()
        assert seed() == ("1", "default")


def check_config_flag():
    """--config and TIDEMARK_CONFIG name another file; one that is missing is refused"""
    with Folder() as folder:
        folder.write("tidemark.toml", "seed = 1\n")
        folder.write("other.toml", "seed = 22\n")
        assert settings(folder, "--config", "other.toml")["seed"]["value"] == "22"
        assert settings(folder, environment={"TIDEMARK_CONFIG": "other.toml"})["seed"]["origin"] == "other.toml:1"
        missing = folder.run("run", "--config", "none.toml")
        assert missing.returncode == 2 and "none.toml" in missing.stderr, missing


def check_names_people_have():
    """SYMBOLS, RETRY_DELAY, MAX_RETRIES, KAFKA_BROKER and Alpaca's keys are understood, also from .env"""
    with Folder() as folder:
        folder.write(".env", "SYMBOLS=AAPL,TSLA\nRETRY_DELAY=10\nMAX_RETRIES=5\n# ours\nKAFKA_BROKER='kafka:29092'\n")
        known = settings(folder, environment={"SYMBOLS": "MSFT"})
        assert (known["symbols"]["value"], known["symbols"]["origin"]) == ("MSFT", "SYMBOLS")
        assert (known["retry-delay"]["value"], known["retry-delay"]["origin"]) == ("10", ".env:2 (RETRY_DELAY)")
        assert known["max-retries"]["value"] == "5"
        assert known["kafka-broker"]["value"] == "kafka:29092"


def check_the_example():
    """.env.example, filled in, is understood as it stands"""
    example = (pathlib.Path(__file__).resolve().parents[3] / ".env.example").read_text()
    assert "ALPACA_API_KEY=\n" in example and "ALPACA_API_SECRET=\n" in example, "it holds a key"
    with Folder() as folder:
        folder.write(".env", example.replace("_KEY=", "_KEY=PK1").replace("_SECRET=", "_SECRET=s").replace("#TIDEMARK", "TIDEMARK"))
        known = settings(folder)
        assert known["alpaca-api-key"]["value"] == known["alpaca-api-secret"]["value"] == "***", known
        assert known["symbols"]["value"] == "AAPL,TSLA,GOOGL,MSFT,AMZN" and known["kafka-broker"]["value"] == "localhost:9092"
        assert known["alpaca-feed"]["origin"].startswith(".env:") and known["max-retries"]["value"] == "0"


def check_unknown_names():
    """an unknown name ends run with 2, with its place and the nearest name; all of them at once"""
    with Folder() as folder:
        folder.write("tidemark.toml", 'port = 0\nsped = 60\n')
        folder.write(".env", "\nTIDEMARK_SYMBOL=AAPL\n")
        said = folder.run("run", environment={"TIDEMARK_DATTA": "x"})
        assert said.returncode == 2, said
        assert 'tidemark.toml:2: no setting is called "sped"; did you mean "speed"?' in said.stderr, said.stderr
        assert '.env:2: no setting is called TIDEMARK_SYMBOL; did you mean "TIDEMARK_SYMBOLS"?' in said.stderr
        assert 'no setting is called TIDEMARK_DATTA; did you mean "TIDEMARK_DATA"?' in said.stderr
        assert not (folder.path / "tidemark-data").exists()


def check_filters_read_no_configuration():
    """trends and simulate read no configuration, so they do the same everywhere"""
    with Folder() as folder:
        plain = folder.run("simulate", "--minutes", "20")
        folder.write("tidemark.toml", "this is not TOML\n")
        folder.write(".env", "TIDEMARK_SIZZE=1m\n")
        other = {"SYMBOLS": "MSFT", "TIDEMARK_SIZE": "1h", "TIDEMARK_WRONG": "1"}
        assert folder.run("simulate", "--minutes", "20", environment=other).stdout == plain.stdout
        there = folder.run("trends", stdin=plain.stdout, environment=other)
        with Folder() as elsewhere:
            here = elsewhere.run("trends", stdin=plain.stdout)
        assert there.returncode == 0 and there.stdout == here.stdout != ""


def check_secrets():
    """secrets are shown as *** wherever they come from, and refused in tidemark.toml without being repeated"""
    secret = "tell-nobody-0123456789"
    with Folder() as folder:
        folder.write(".env", f"ALPACA_API_KEY={secret}\n")
        folder.write("token", secret + "\n")
        environment = {"ALPACA_API_SECRET": secret, "TIDEMARK_TOKEN": secret}
        for arguments in (["doctor"], ["doctor", "--json"], ["doctor", "--token-file", "token"]):
            said = folder.run(*arguments, "--port", "0", environment=environment)
            assert "***" in said.stdout and secret not in said.stdout + said.stderr, arguments
        folder.write("tidemark.toml", f'token = "{secret}"\n')
        said = folder.run("run", environment=environment)
        assert said.returncode == 2 and "TIDEMARK_TOKEN" in said.stderr and secret not in said.stderr, said.stderr


def check_windows_of_another_size():
    """a data directory is refused with windows of another size, however little is in it"""
    with Folder() as folder:
        words = ("run", "--feed", "stdin", "--max-ahead", "off", "--exit-at-end", "--data", "data", "--port", "0")
        bar = folder.run("simulate", "--symbols", "A", "--minutes", "1").stdout
        assert folder.run(*words, stdin=bar).returncode == 0
        refused = folder.run(*words, "--size", "10m", stdin=bar)
        assert refused.returncode == 2 and "were made with --size 5m" in refused.stderr, refused
        assert folder.run(*words, stdin=bar).returncode == 0


def check_a_slip_makes_nothing():
    """a replay of a file that is not there, and a data directory of somebody else's, are refused before anything is made"""
    with Folder() as folder:
        missing = folder.run("run", "missing.jsonl", "--port", "0")
        assert missing.returncode == 2 and "missing.jsonl" in missing.stderr and "serve.listening" not in missing.stderr, missing
        assert list(folder.path.iterdir()) == []
        (folder.path / "photos").mkdir()
        folder.write("photos/cat.jpg", "miau")
        day = folder.write("day.jsonl", folder.run("simulate", "--minutes", "1").stdout)
        foreign = folder.run("run", "--data", "photos", "--port", "0", "--exit-at-end", day)
        assert foreign.returncode == 2 and "photos holds cat.jpg" in foreign.stderr, foreign
        assert [entry.name for entry in (folder.path / "photos").iterdir()] == ["cat.jpg"]
        (folder.path / "disk/lost+found").mkdir(parents=True)
        piped = folder.run("run", "--data", "piped", "--port", "0", "--speed", "max", "--exit-at-end", "--feed", "replay", "-", stdin=pathlib.Path(day).read_text())
        assert piped.returncode == 0, piped
        ours = folder.run("run", "--data", "disk", "--port", "0", "--speed", "max", "--exit-at-end", day)
        assert ours.returncode == 0, ours


def check_the_hint():
    """a wrong flag is explained by the help, a wrong file by the doctor"""
    with Folder() as folder:
        assert folder.run("run", "--port", "x").stderr.endswith("Try: tidemark run --help\n")
        folder.write("tidemark.toml", 'port = "x"\n')
        assert folder.run("run").stderr.endswith("Try: tidemark doctor\n")
