// The line to the server: dials, listens, and dials again, waiting longer each time, until it is let in.
//
//     dialing ──open──▶ waiting ──snapshot──▶ open          all parts of it; or, for who was away a moment, resumed
//        ▲                  │                  │
//        └── wait, backoff ─┴── lost ◀─────────┘   lost also when nothing was heard for `silence` seconds
import { Inbox } from "./inbox";
import type { Message } from "./protocol";

export interface Link {
  state: "dialing" | "open" | "lost";
  retry_at: number; // milliseconds, when lost: the next attempt
  heard_at: number; // milliseconds, the last message of this server; 0 = never
  refusal: string; // when lost: the server's sentence, if it does not let us in; else empty
}

// The server is there and does not let us in, and why.
export class NotLetIn extends Error {}

const not_let_in = 4401; // the close code of a stream whose token has come to its end (docs/api.md)

export interface ConnectionOptions {
  // The address of the socket, asked anew before each attempt; a rejected promise counts as a failed attempt. A socket
  // does not say why it was refused: after a failure it is for this to find out.
  address: (failures: number) => Promise<string>;
  // Returns false if the message shows that something is missing: the connection then dials for a fresh snapshot.
  on_message: (message: Message) => boolean;
  on_link: (link: Link) => void;
}

const first_wait = 250; // milliseconds
const longest_wait = 8_000;
const silence = 8_000; // the server sends its status every second
const patience = 5_000; // for the socket to open and the snapshot to come

export class Connection {
  private link: Link = { state: "dialing", retry_at: 0, heard_at: 0, refusal: "" };
  private socket: WebSocket | null = null;
  private attempt = 0; // numbers the dials, so that a late answer to an old one is ignored
  private failures = 0;
  private timer = 0;
  private readonly inbox = new Inbox((message) => this.hear(message));

  constructor(private readonly options: ConnectionOptions) {
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  // Dials now, dropping the present socket if there is one: also the way to ask for other symbols.
  dial(): void {
    this.hang_up();
    const attempt = this.attempt;
    if (this.link.state !== "open") this.change({ state: "dialing" });
    this.expect_word(patience);
    this.options.address(this.failures).then(
      (address) => attempt === this.attempt && this.listen(address),
      (error) => attempt === this.attempt && this.lose(error instanceof NotLetIn ? error.message : ""),
    );
  }

  private listen(address: string): void {
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket === this.socket) this.receive(event.data);
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.lose(event.code === not_let_in ? event.reason : "");
    };
  }

  private receive(text: string): void {
    this.expect_word(silence);
    if (!this.inbox.put(text)) this.dial();
  }

  private hear(message: Message | null): void {
    if (!message) {
      console.warn("tidemark: a message this page does not understand; is it older than the server?");
      return this.lose();
    }
    if (!this.options.on_message(message)) return this.lose();
    const is_let_in = message.type !== "status" && "status" in message; // with the whole picture
    if (is_let_in) this.failures = 0;
    const opened = is_let_in || this.link.state === "open";
    this.change({ state: opened ? "open" : this.link.state, heard_at: Date.now(), refusal: "" });
  }

  private lose(refusal = ""): void {
    this.hang_up();
    const wait = backoff(this.failures++, Math.random());
    // The first sentence knows best: what came of the token, and not only that it is no good.
    const told = refusal !== "" && this.link.refusal !== "" ? this.link.refusal : refusal;
    this.change({ state: "lost", retry_at: Date.now() + wait, refusal: told });
    this.timer = window.setTimeout(() => this.dial(), wait);
  }

  private hurry(): void {
    if (this.link.state === "lost") this.dial();
  }

  private expect_word(milliseconds: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.lose(), milliseconds);
  }

  private hang_up(): void {
    this.attempt++;
    window.clearTimeout(this.timer);
    this.inbox.clear();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private change(change: Partial<Link>): void {
    this.link = { ...this.link, ...change };
    this.options.on_link(this.link);
  }
}

// Milliseconds before attempt number `failures`: doubling up to a limit, then spread by chance over its upper half,
// so that a thousand pages do not knock together at a server that has just come back.
export function backoff(failures: number, chance: number): number {
  const wait = Math.min(longest_wait, first_wait * 2 ** failures);
  return wait / 2 + (wait / 2) * chance;
}
