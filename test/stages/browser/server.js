// The program under test: one process on its own port and data directory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wait_for } from "./wait.js";

const running = new Set();

// The kernel assigns ports from here on to clients, and to servers with --port 0.
const [given_away] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s+/).map(Number);

export class Server {
  // `tidemark run` with these arguments, ready to answer.
  static async start(...args) {
    for (;;) {
      const server = new Server(await free_port(), mkdtempSync(join(tmpdir(), "tidemark-browser-")), args);
      try {
        await server.start();
        return server;
      } catch (error) {
        if (!server.log.includes("is in use by another program")) throw error; // another program was quicker
        await server.end();
      }
    }
  }

  constructor(port, home, args) {
    this.port = port;
    this.home = home;
    this.args = args;
    this.url = `http://localhost:${port}`;
    this.compare = `${this.url}/#/compare`; // the view with the badges and the five charts
  }

  // Restarts it on the same port and data, after kill() or stop().
  async start() {
    this.log = "";
    const args = ["run", "--port", String(this.port), "--data", join(this.home, "data"), ...this.args];
    // Its own folder and an empty environment keep the user's settings out.
    this.process = spawn(process.env.TIDEMARK, args, { cwd: this.home, env: { PATH: process.env.PATH, HOME: this.home } });
    running.add(this);
    this.exited = once(this.process, "exit");
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (text) => (this.log += text));
    this.process.stdin.on("error", () => {});
    const ready = async () => {
      const { exitCode, signalCode } = this.process;
      if (exitCode !== null || signalCode !== null) throw new Error(`it ended at once with ${exitCode ?? signalCode}`);
      // This proves that the answer comes from this process and not from another one at the port.
      return this.log.includes("serve.listening") && (await fetch(`${this.url}/readyz`).catch(() => null))?.ok;
    };
    await wait_for("the program to be ready", ready).catch((error) => {
      throw new Error(`tidemark ${args.join(" ")}: ${error.message}\n${this.log}`);
    });
  }

  write(...lines) {
    this.process.stdin.write(lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));
  }

  end_input() {
    this.process.stdin.end();
  }

  signal(name) {
    this.process.kill(name);
  }

  async kill() {
    this.process.kill("SIGKILL");
    await this.exited;
  }

  async get(path) {
    const answer = await fetch(this.url + path);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  async trends(symbol) {
    const { trends } = await this.get(`/api/v1/trends?symbol=${encodeURIComponent(symbol)}&limit=1000`);
    return trends;
  }

  // The rows of the answer to a question to the lake; waits while others are being answered.
  async sql(sql) {
    const ask = () => fetch(`${this.url}/api/v1/query`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ sql }) });
    const answer = await wait_for("an answer", async () => {
      const come = await ask();
      return come.status !== 429 && come;
    });
    if (!answer.ok) throw new Error(`${sql}: ${await answer.text()}`);
    return (await answer.json()).rows;
  }

  // Waits until the lake can be queried and has so many bars.
  wait_for_lake(bars) {
    return wait_for(`${bars} bars in the lake`, async () => {
      const answer = await fetch(`${this.url}/api/v1/query`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ sql: "SELECT count(*) FROM bars" }) });
      return answer.ok && Number((await answer.json()).rows[0][0]) >= bars;
    });
  }

  async end() {
    running.delete(this);
    await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }
}

export async function end_all_servers() {
  for (const server of [...running]) await server.end();
}

// A port that is still free when the server restarts on it.
async function free_port() {
  const first = 10_000;
  for (;;) {
    const port = first + Math.floor(Math.random() * (given_away - first));
    if (await is_free(port)) return port;
  }
}

async function is_free(port) {
  const probe = createServer().listen(port, "127.0.0.1");
  try {
    await once(probe, "listening");
  } catch {
    return false;
  }
  probe.close();
  await once(probe, "close");
  return true;
}
