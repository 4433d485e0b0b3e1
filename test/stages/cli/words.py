"""Command lines and their results: help, exit codes, nearest names."""

import json

from program import Folder

VERBS = (
    "run", "ingest", "analyze", "store", "serve", "topics", "trends", "simulate", "alpaca-server", "query", "watermark", "compact", "import",
    "backfill", "recompute", "redrive", "symbols", "token", "doctor", "settings", "hive", "verify", "backup", "restore", "version",
)


def check_help():
    """every verb has a help with usage, examples and exit codes"""
    with Folder() as folder:
        overview = folder.run("help")
        assert overview.returncode == 0 and not overview.stderr
        for verb in VERBS:
            assert f"\n  {verb} " in overview.stdout, verb
            said = folder.run(verb, "--help")
            assert said.returncode == 0 and not said.stderr, verb
            for part in (f"Usage: tidemark {verb}", "Examples:", "Exit codes:", "--help"):
                assert part in said.stdout, (verb, part)
            assert folder.run("help", verb).stdout == said.stdout
        assert list(folder.path.iterdir()) == [], "asking for help leaves nothing behind"


def check_without_a_verb():
    """without a verb the overview is told on standard error, with 2"""
    with Folder() as folder:
        said = folder.run()
        assert said.returncode == 2 and not said.stdout and "Usage: tidemark VERB" in said.stderr


def check_refusals():
    """wrong words end with 2 and name what was probably meant"""
    cases = [
        (["trendz"], 'unknown verb trendz; did you mean "trends"?'),
        (["help", "rnu"], 'did you mean "run"?'),
        (["run", "--prot", "80"], 'unknown option --prot; did you mean "--port"?'),
        (["trends", "--delai=1m"], 'unknown option --delai; did you mean "--delay"?'),
        (["simulate", "--minute", "3"], 'did you mean "--minutes"?'),
        (["doctor", "--jason"], 'did you mean "--json"?'),
        (["run", "--port", "99999"], "port: must be a whole number from 0 to 65535"),
        (["run", "--port"], "--port needs a value"),
        (["run", "--size", "5m", "--slide", "2m"], "size must be a multiple of slide"),
        (["trends", "--size", "5m", "--slide", "2m"], "size must be a multiple of slide"),
        (["trends", "--delay", "soon"], "--delay must be a time"),
        (["run", "--feed", "replay"], "replay needs a file"),
        (["run", "--address", "0.0.0.0"], "a token is needed"),
        (["alpaca-server", "--late", "2"], "--late must be a share from 0 to 1"),
        (["alpaca-server", "--refuse", "418"], "--refuse must be a code of the stream's errors"),
        (["alpaca-server", "--keys", "key"], "--keys must be pairs like KEY:SECRET"),
        (["alpaca-server", "--speed", "max"], "--speed must be market seconds per second"),
        (["alpaca-server", "--tls-cert", "x"], "--tls-cert and --tls-key belong together"),
        (["alpaca-server", "--symbols", "A", "bars.jsonl"], "--symbols belongs to the simulator"),
        (["alpaca-server", "--address", "0.0.0.0"], "set who may ask"),
        (["alpaca-server", "--address", "example"], "is no IP address"),
        (["alpaca-server", "no-such.jsonl"], "no-such.jsonl"),
        (["alpaca-server", "--data", "nowhere"], "there is no lake at"),
        (["query"], "a question is missing"),
        (["compact"], "there is no lake at"),
        (["compact", "--day", "today"], "--day must be a date that exists"),
        (["recompute"], "say which days"),
        (["recompute", "--day", "2026-02-29"], "--day must be a date that exists"),
        (["recompute", "--day", "2026-02-28", "--to", "2026-03-01"], "say which days"),
        (["recompute", "--from", "2026-02-28"], "belong together"),
        (["recompute", "--from", "2026-02-28", "--to", "2026-02-27"], "--to lies before --from"),
        (["recompute", "--day", "2026-02-28"], "there is no lake at"),
        (["redrive"], "`tidemark run` makes a log"),
        (["redrive", "--reason", "late"], "--reason must be reasons"),
        (["redrive", "--from-file", "f", "--field", "open"], "--from-file says which"),
        (["redrive", "--reson", "missing"], 'did you mean "--reason"?'),
        (["token"], "say what to do"),
        (["token", "list"], "--file is missing"),
        (["token", "list", "--file", "nothing"], "there is no token file nothing"),
        (["symbols", "add", "A"], "there is no data directory"),
        (["symbols", "add"], "at least one symbol"),
        (["symbols", "add", "A,A"], "A is given twice"),
        (["symbols", "remov", "A"], 'did you mean "remove"?'),
        (["trends", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["simulate", "--output", "no/such/folder.jsonl"], "no/such/folder.jsonl"),
    ]
    with Folder() as folder:
        for arguments, sentence in cases:
            said = folder.run(*arguments)
            assert said.returncode == 2, (arguments, said.returncode, said.stderr)
            assert sentence in said.stderr, (arguments, said.stderr)
            assert not said.stdout, arguments
        assert list(folder.path.iterdir()) == [], "a refused command leaves nothing behind"


def check_version():
    """version tells the same as text and as JSON, and no path of the machine that built it"""
    with Folder() as folder:
        text, said = folder.run("version"), folder.run("version", "--json")
        facts = json.loads(said.stdout)
        assert text.returncode == said.returncode == 0
        assert text.stdout.splitlines()[0] == f"tidemark {facts['version']}"
        assert facts["compiler"] and facts["sqlite"] and facts["arrow"]
        assert "/" not in text.stdout + said.stdout
        assert folder.run("--version").stdout == text.stdout


def check_query():
    """query answers from an argument and from standard input, and tells whose fault it is when it cannot"""
    with Folder() as folder:
        missing = folder.run("query", "SELECT 1", "--data", "nothing")
        assert missing.returncode == 2 and "nothing/lake" in missing.stderr, missing
        (folder.path / "d/lake").mkdir(parents=True)
        for arguments, stdin in ((["SELECT 40 + 2 AS n"], ""), (["-"], "SELECT 40 + 2 AS n\n")):
            said = folder.run("query", *arguments, "--data", "d", "--format", "csv", stdin=stdin)
            assert said.returncode == 0 and said.stdout.split() == ["n", "42"], said
        wrong = folder.run("query", "SELECT nothing FROM nowhere", "--data", "d")
        assert wrong.returncode == 1 and "nowhere" in wrong.stderr and not wrong.stdout, wrong
        said = folder.run("query", "SELECT 1 AS n", "--format", "csv", environment={"TIDEMARK_DATA": "d"})
        assert said.returncode == 0, said.stderr
