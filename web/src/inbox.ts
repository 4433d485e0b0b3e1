// Messages that have come and wait to be read: in slices, so that the page can draw and answer between them, however much
// comes at once.
import { read_message, type Message } from "./protocol";

const slice = 8; // milliseconds: half a frame
const most_waiting = 64_000_000; // characters; the server keeps no more for a slow client either

export class Inbox {
  private texts: string[] = [];
  private waiting = 0; // characters
  private reading: ReturnType<typeof read_message> | null = null;
  private is_due = false;
  private readonly soon: () => void;

  // `tasks` calls back in a task of its own for each call of what it gives.
  constructor(private readonly on_message: (message: Message | null) => void, tasks = channel_tasks) {
    this.soon = tasks(() => this.work());
  }

  // False when too much waits: then a fresh start costs less than reading on.
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
    this.reading = null;
  }

  private work(): void {
    this.is_due = false;
    const end = performance.now() + slice;
    do this.read_piece();
    while (this.texts.length > 0 && performance.now() < end);
    if (this.texts.length > 0) this.be_due();
  }

  private read_piece(): void {
    const text = this.texts[0];
    if (text === undefined) return; // cleared meanwhile
    this.reading ??= read_message(text);
    const { done, value } = this.reading.next();
    if (!done) return;
    this.reading = null;
    this.texts.shift();
    this.waiting -= text.length;
    this.on_message(value); // who may clear all
  }

  private be_due(): void {
    if (this.is_due) return;
    this.is_due = true;
    this.soon();
  }
}

// Not by a timer: a hidden page would wait for it, and what comes would pile up.
function channel_tasks(work: () => void): () => void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = work;
  return () => port2.postMessage(null);
}
