// What a view is: one of the five pages in the page. Only the one that is open is in the document.
import type { Address } from "../address";
import type { BarStore } from "../bars";
import type { Link } from "../connection";
import type { Freshness } from "../freshness";
import type { PreviousClose } from "../previous_close";
import type { Status } from "../protocol";
import type { Replay } from "../replay";
import type { Store } from "../store";

export interface View {
  readonly root: HTMLElement;
  readonly title: () => string;
  draw(): void; // at most once a frame, while it is open
  opened?(): void; // it has come into the document, or its address has changed
  left?(): void;
  repaint?(): void; // theme or zone have changed: nothing that was drawn may stay
  search?: HTMLInputElement | undefined; // what / goes to
  step?(by: 1 | -1): void; // j and k
  enter?(): void;
  save?(): void; // what is seen, as a file
  // What to say while there is nothing to draw; empty when there is.
  emptiness?(): string;
  needs_data: boolean; // whether it is empty without bars
}

// What the views share.
export interface Desk {
  store: Store;
  bars: BarStore;
  previous: PreviousClose;
  replay: Replay; // says where the numbers come from, and as of when
  address: () => Address;
  go: (change: Partial<Address>) => void; // writes it into the URL
  status: () => Status | null;
  link: () => Link;
  freshness: () => Freshness;
  counts: () => Counts;
  draw_soon: () => void;
  // Asks the server for JSON; an error is thrown with the server's sentence.
  ask: (path: string, init?: RequestInit) => Promise<string>;
  need_history: (symbol: string) => void; // the windows of a symbol, which may not have been asked for
}

// Of this page's line to the server.
export interface Counts {
  snapshots: number;
  resumed: number;
  messages: number;
  lost: number;
}
