"""The unit, the alert rules and the dashboard of deploy/ against the running program, and the walk-through of docs/operations.md."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).parents[3]
sys.path[:0] = [str(ROOT / "test/lib/life"), str(ROOT / "test/lib/java_node"), str(ROOT / "test/lib"), str(pathlib.Path(__file__).parent)]

import harness  # noqa: E402
import ports  # noqa: E402
from harness import Skip  # noqa: E402
from life import PATIENCE, TIDEMARK, Life  # noqa: E402

DEPLOY = ROOT / "deploy"
ALERTS = DEPLOY / "prometheus/tidemark-alerts.yaml"
DASHBOARD = DEPLOY / "grafana/dashboards/tidemark.json"
MOST_EXPOSED = 1.2  # of 10, by systemd-analyze; docs/operations.md states it


def run(*words, code=0, **options):
    said = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=PATIENCE, **options)
    assert said.returncode == code, f"{words}: ended with {said.returncode}:\n{said.stdout}{said.stderr}"
    return said.stdout + said.stderr


def need(program):
    if not shutil.which(program):
        raise Skip(f"there is no {program} here")
    return program


def ask(url):
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return answer.read().decode()


def wait_until(happened, what):
    deadline = time.monotonic() + PATIENCE
    while not (value := happened()):
        assert time.monotonic() < deadline, f"waited {PATIENCE} s: {what}"
        time.sleep(0.1)
    return value


def check_units(folder):
    """systemd takes the units without a word, and finds little that the service may do beyond its work"""
    need("systemd-analyze")
    units = folder / "units"
    shutil.copytree(DEPLOY / "systemd", units)
    for unit in units.glob("*.service"):
        unit.write_text(unit.read_text().replace("/usr/local/bin/tidemark", TIDEMARK))
    said = run("systemd-analyze", "verify", *sorted(units.glob("*.service")), *sorted(units.glob("*.timer")))
    assert not [line for line in said.splitlines() if "tidemark" in line], said
    for unit in sorted(units.glob("*.service")):
        score = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", run("systemd-analyze", "security", "--offline=true", unit))[1])
        print(f"# {unit.name}: {score}")
        assert score <= MOST_EXPOSED, (unit.name, score)
    bad = units / "bad.service"
    bad.write_text((units / "tidemark.service").read_text().replace("ProtectSystem=strict", "ProtectSystem=perhaps"))
    assert "perhaps" in subprocess.run(["systemd-analyze", "verify", bad], capture_output=True, text=True).stderr


def check_notices(folder):
    """a service manager is told when the program is ready, that it is alive, and that it ends"""
    path = str(folder / "notify")
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(path)
    manager.settimeout(PATIENCE)
    program = subprocess.Popen([TIDEMARK, "run", "--port", "0", "--data", str(folder / "notified")], stderr=subprocess.DEVNULL,
                               cwd=folder, env={"PATH": os.environ["PATH"], "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "800000"})
    try:
        ready = manager.recv(4096).decode()
        assert ready.startswith("READY=1\nSTATUS=http://localhost:"), ready
        assert ask(ready.split("STATUS=")[1] + "/readyz") == '{"status":"ready"}'
        for _ in range(3):
            assert manager.recv(4096) == b"WATCHDOG=1"
        program.send_signal(signal.SIGTERM)
        wait_until(lambda: manager.recv(4096) == b"STOPPING=1", "it says that it ends")
        assert program.wait(PATIENCE) == 0
    finally:
        program.kill()
        manager.close()


def check_revision(_):
    """the program says which commit it was built from"""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        raise Skip("this is no git checkout")
    said = json.loads(run(TIDEMARK, "version", "--json"))["revision"]
    commit = run("git", "-C", ROOT, "rev-parse", "HEAD").strip()
    described = re.search(r"([0-9a-f]{12})(-dirty)?$", said)
    assert described and commit.startswith(described[1]), (said, commit)


def check_rules(_):
    """each alert stays quiet and fires when it should, and docs/operations.md says what to do then"""
    promtool = need("promtool")
    for words in (("check", "rules", "tidemark-alerts.yaml"), ("test", "rules", "tidemark-alerts.test.yaml"), ("check", "config", "prometheus.yaml")):
        run(promtool, *words, cwd=DEPLOY / "prometheus")
    text, tests = ALERTS.read_text(), (DEPLOY / "prometheus/tidemark-alerts.test.yaml").read_text()
    names = re.findall(r"alert: (\w+)", text)
    assert len(names) == len(set(names)) > 10
    headings = re.findall(r"^#+ (\w+)$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
    for name in names:
        assert tests.count(f"alertname: {name}\n") == 2, f"{name} is not tested both ways"
        assert f"runbook: docs/operations.md#{name.lower()}\n" in text and name in headings, f"docs/operations.md has no {name}"


def metrics_named(text):
    return set(re.findall(r"\b(?:tidemark|process)_[a-z_]*[a-z]\b", text)) - {"tidemark_push_seconds_bucket"}


def expressions():
    """(panel, query) of the dashboard, with all instances selected."""
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        assert panel["type"] == "row" or panel["title"] and panel["description"], panel
        for target in panel.get("targets", []):
            query = target["expr"].replace("$instance", ".+").replace("$__rate_interval", "15s")
            assert "$" not in query, query
            yield panel["title"], query


def check_dashboard(_):
    """the dashboard has no panel without a question, no two with one number, and none that overlap"""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = {}
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        for cell in ((x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])):
            assert cell not in taken, (panel["title"], taken[cell])
            taken[cell] = panel["title"]
        assert panel["type"] == "row" or panel["targets"] and panel["fieldConfig"]["defaults"]["unit"], panel["title"]


def check_prometheus(folder):
    """a real Prometheus reads the program, takes the rules, and has an answer for every question of the dashboard"""
    prometheus = need("prometheus")
    (port,) = ports.free(1)
    place = folder / "prometheus"
    place.mkdir()
    (folder / "watched").mkdir()
    with Life(folder / "watched/data", "--feed", "simulator", "--store-every", "1s") as one:
        url = one.url()
        shutil.copy(ALERTS, place)
        config = (DEPLOY / "prometheus/prometheus.yaml").read_text()
        config = config.replace("localhost:8050", url.removeprefix("http://")).replace("15s", "1s")
        (place / "prometheus.yaml").write_text(config)
        ask(url + "/metrics")  # so that there is a request to count
        named = metrics_named(" ".join(re.findall(r"expr: >-\n((?: {10}.*\n)+)", ALERTS.read_text()))) | metrics_named(" ".join(query for _, query in expressions()))
        # Some exist only after the first judged bar.
        for _ in range(300):
            there = set(re.findall(r"^# TYPE (\S+) ", ask(url + "/metrics"), re.MULTILINE))
            if named <= there:
                break
            time.sleep(0.1)
        assert len(named) > 20 and named <= there, named - there
        with open(place / "journal", "wb") as journal:
            watcher = subprocess.Popen([prometheus, "--config.file=prometheus.yaml", "--storage.tsdb.path=tsdb",
                                        f"--web.listen-address=127.0.0.1:{port}"], cwd=place, stdout=journal, stderr=journal)
        try:
            api = f"http://127.0.0.1:{port}/api/v1/"

            def query(text):
                try:
                    return json.loads(ask(api + "query?" + urllib.parse.urlencode({"query": text})))["data"]["result"]
                except OSError:
                    assert watcher.poll() is None, (place / "journal").read_text()
                    return []

            wait_until(lambda: query('up{job="tidemark"} == 1'), "Prometheus reads the program")
            for panel, text in expressions():
                wait_until(lambda text=text: query(text), f"an answer for {panel}: {text}")

            def rules():
                groups = json.loads(ask(api + "rules"))["data"]["groups"]
                return {rule["name"]: rule for group in groups for rule in group["rules"]}

            wait_until(lambda: all(rule["health"] == "ok" for rule in rules().values()), "every rule has been looked at")
            assert len(rules()) == ALERTS.read_text().count("- alert: ")
            # A machine that freezes for a second is slow once, which is noticed, but causes no alert.
            noticed = {name: rule["state"] for name, rule in rules().items() if rule["state"] != "inactive"}
            assert noticed in ({}, {"TidemarkSlowPush": "pending"}), rules()
            one.end()
            wait_until(lambda: rules()["TidemarkDown"]["state"] == "pending", "the end of the program is seen")
        finally:
            watcher.terminate()
            watcher.wait(PATIENCE)


def main():
    chosen = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="tidemark-operations-") as place:
        for check in (check_units, check_notices, check_revision, check_rules, check_dashboard, check_prometheus):
            if not chosen or check.__name__ in chosen:
                harness.tell(check.__doc__, check, pathlib.Path(place))


if __name__ == "__main__":
    main()
    harness.end()
