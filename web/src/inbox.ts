// Received messages that wait to be processed, in slices, so that the page can draw and respond in between, however
// many arrive at once.
import { parse_message, type Message } from "./protocol";

const slice = 8; // milliseconds: half a frame
const most_waiting = 64_000_000; // characters; the server keeps no more for a slow client either

export class Inbox {
  private texts: string[] = [];
  private waiting = 0; // characters
  private is_due = false;
  private readonly soon: () => void;

  // `tasks` returns a function; each call of that runs the given work in a task of its own.
  constructor(private readonly on_message: (message: Message | null) => void, tasks = channel_tasks) {
    this.soon = tasks(() => this.work());
  }

  // False if too much is waiting: then a new snapshot costs less than reading on.
  put(text: string): boolean {
    if (this.waiting + text.length > most_waiting && this.waiting > 0) return false;
    this.texts.push(text);
    this.waiting += text.length;
    this.be_due();
    return true;
  }

  clear(): void {
    this.texts = [];
    this.waiting = 0;
  }

  private work(): void {
    this.is_due = false;
    const end = performance.now() + slice;
    do this.read_one();
    while (this.texts.length > 0 && performance.now() < end);
    if (this.texts.length > 0) this.be_due();
  }

  private read_one(): void {
    const text = this.texts.shift();
    if (text === undefined) return; // cleared meanwhile
    this.waiting -= text.length;
    this.on_message(parse_message(text)); // which may clear the inbox
  }

  private be_due(): void {
    if (this.is_due) return;
    this.is_due = true;
    this.soon();
  }
}

// Not a timer: a hidden page would delay it, and messages would pile up.
function channel_tasks(work: () => void): () => void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = work;
  return () => port2.postMessage(null);
}
