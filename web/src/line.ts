// Requests to the server: the address of the live stream, and anything over HTTP.
import { AccessRefused } from "./connection";

const first_symbols = 5; // requested while the available symbols are unknown

interface Dialing {
  base: string; // "/api/v1", or a replay's
  wanted: readonly string[];
  history: number;
  failures: number;
  heard: { epoch: string; sequence: number } | null;
}

interface Dialed {
  symbols: readonly string[]; // those whose history is sent
  afresh: string; // the address for a snapshot
  resuming: string; // the same, if what was missed is enough
}

// Where to dial. At first the available symbols are unknown; asking for them first avoids thousands of histories.
export async function live_address({ base, wanted, history, failures, heard }: Dialing): Promise<Dialed> {
  let symbols = wanted;
  if (failures > 0) await ask(`${base}/status`);
  if (symbols.length === 0) {
    const answer = JSON.parse(await ask(`${base}/symbols?limit=${first_symbols}`)) as { symbols: { symbol: string }[] };
    symbols = answer.symbols.map(({ symbol }) => symbol);
  }
  const query = new URLSearchParams({ history: String(history), parts: "true" });
  if (symbols.length > 0) query.set("symbols", symbols.join(","));
  const stream = new URL(`${base}/live`, location.href);
  stream.hash = "";
  stream.protocol = stream.protocol === "https:" ? "wss:" : "ws:";
  const afresh = `${stream.href}?${query}`;
  if (heard) {
    query.set("epoch", heard.epoch);
    query.set("sequence", String(heard.sequence));
  }
  return { symbols, afresh, resuming: `${stream.href}?${query}` };
}

// The options of a POST.
export function as_json(body: object): RequestInit {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

// The server answers too much already: later it will.
export class Busy extends Error {}

// The text of a response. An error is thrown with the server's message.
export async function ask(path: string, init?: RequestInit): Promise<string> {
  const answer = await fetch(path, init);
  if (answer.status === 401) throw new AccessRefused("the token of this page is not valid");
  const text = await answer.text();
  if (answer.status === 429) throw new Busy(sentence_of(text) ?? "the server is busy");
  if (!answer.ok) throw new Error(sentence_of(text) ?? `the server answered ${answer.status}`);
  return text;
}

function sentence_of(text: string): string | null {
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return null;
  }
}
