// The connection to the server: dials, listens, and dials again after increasing waits until it is accepted.
//
//     dialing ──open──▶ waiting ──snapshot──▶ open          all its parts; or resumed after a short absence
//        ▲                  │                  │
//        └── wait, backoff ─┴── lost ◀─────────┘   lost also after `silence` without a message
import { Inbox } from "./inbox";
import type { Message } from "./protocol";

export interface Link {
  state: "dialing" | "open" | "lost";
  retry_at: number; // milliseconds, when lost: the next attempt
  heard_at: number; // milliseconds, the last message of this server; 0 = never
  refusal: string; // when lost: the server's message if it refuses this page; else empty
}

// The server refused this page; the message says why.
export class AccessRefused extends Error {}

const token_ended = 4401; // the close code of a stream whose token has ended (docs/api.md)

export interface ConnectionOptions {
  // The address of the socket, requested before each attempt. A rejected promise counts as a failed attempt. A socket
  // does not say why it was refused, so after a failure this function finds out.
  address: (failures: number) => Promise<string>;
  // Returns false if a message shows that something is missing: the connection then dials for a new snapshot.
  on_message: (message: Message) => boolean;
  on_link: (link: Link) => void;
}

const first_wait = 250; // milliseconds
const longest_wait = 8_000;
const silence = 8_000; // the server sends its status every second
const open_timeout = 5_000; // for the socket to open and the snapshot to arrive

export class Connection {
  private link: Link = { state: "dialing", retry_at: 0, heard_at: 0, refusal: "" };
  private socket: WebSocket | null = null;
  private attempt = 0; // numbers the attempts, so that a late answer to an old one is ignored
  private failures = 0;
  private timer = 0;
  private readonly inbox = new Inbox((message) => this.hear(message));

  constructor(private readonly options: ConnectionOptions) {
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  // Dials now and drops the current socket; also used to request other symbols.
  dial(): void {
    this.hang_up();
    const attempt = this.attempt;
    if (this.link.state !== "open") this.change({ state: "dialing" });
    this.expect_word(open_timeout);
    this.options.address(this.failures).then(
      (address) => attempt === this.attempt && this.listen(address),
      (error) => attempt === this.attempt && this.lose(error instanceof AccessRefused ? error.message : ""),
    );
  }

  private listen(address: string): void {
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket === this.socket) this.receive(event.data);
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.lose(event.code === token_ended ? event.reason : "");
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
    const is_accepted = message.type !== "status" && "status" in message; // a full status: the server has accepted us
    if (is_accepted) this.failures = 0;
    const opened = is_accepted || this.link.state === "open";
    this.change({ state: opened ? "open" : this.link.state, heard_at: Date.now(), refusal: "" });
  }

  private lose(refusal = ""): void {
    this.hang_up();
    const wait = backoff(this.failures++, Math.random());
    // The first message is the most precise: it says what happened to the token, not only that it is invalid.
    const reason = refusal !== "" && this.link.refusal !== "" ? this.link.refusal : refusal;
    this.change({ state: "lost", retry_at: Date.now() + wait, refusal: reason });
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

// Milliseconds before attempt number `failures`: doubles up to a limit, then is spread randomly over its upper half, so
// that a thousand pages do not reconnect at the same moment to a restarted server.
export function backoff(failures: number, chance: number): number {
  const wait = Math.min(longest_wait, first_wait * 2 ** failures);
  return wait / 2 + (wait / 2) * chance;
}
