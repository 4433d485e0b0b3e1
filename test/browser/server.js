// The program under test: one process on its own port and data directory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wait_for } from "./wait.js";

const running = new Set();

export class Server {
  // `tidemark run` with these arguments, ready to answer.
  static async start(...args) {
    const server = new Server(await free_port(), mkdtempSync(join(tmpdir(), "tidemark-browser-")), args);
    await server.start();
    return server;
  }

  constructor(port, home, args) {
    this.port = port;
    this.home = home;
    this.args = args;
    this.url = `http://localhost:${port}`;
    this.compare = `${this.url}/#/compare`; // where the badges and the five charts are
  }

  // Again on the same port and data, after kill() or stop().
  async start() {
    this.log = "";
    const args = ["run", "--port", String(this.port), "--data", join(this.home, "data"), ...this.args];
    // Its own folder and an empty environment: no settings of the machine's owner get in.
    this.process = spawn(process.env.TIDEMARK, args, { cwd: this.home, env: { PATH: process.env.PATH, HOME: this.home } });
    running.add(this);
    this.exited = once(this.process, "exit");
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (text) => (this.log += text));
    this.process.stdin.on("error", () => {});
    const ready = async () => {
      const { exitCode, signalCode } = this.process;
      if (exitCode !== null || signalCode !== null) throw new Error(`it ended at once with ${exitCode ?? signalCode}`);
      return (await fetch(`${this.url}/readyz`).catch(() => null))?.ok;
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

  async end() {
    running.delete(this);
    await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }
}

export async function end_all_servers() {
  for (const server of [...running]) await server.end();
}

async function free_port() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
