// A view: one of the seven pages within the page. Only the open one is in the document.
import type { Address } from "../address";
import type { BarStore } from "../bars";
import type { Link } from "../connection";
import type { Freshness } from "../freshness";
import type { PreviousClose } from "../previous_close";
import type { Status } from "../protocol";
import type { Replay } from "../replay";
import type { Source } from "../source";
import type { Store } from "../store";

export interface View {
  readonly root: HTMLElement;
  readonly title: () => string;
  draw(): void; // at most once a frame, while it is open
  opened?(): void; // called when it was opened, or its URL has changed
  left?(): void;
  repaint?(): void; // the theme or zone has changed: everything must be drawn again
  search?: HTMLInputElement | undefined; // the field that / focuses
  step?(by: 1 | -1): void; // j and k
  enter?(): void;
  save?(): void; // saves what is shown as a file
  // What to say while there is nothing to draw; else empty.
  emptiness?(): string;
  needs_data: boolean; // whether it is empty without bars
}

// What the views share.
export interface Desk {
  store: Store;
  bars: BarStore;
  previous: PreviousClose;
  replay: Replay; // knows where the numbers come from, and as of when
  address: () => Address;
  go: (change: Partial<Address>) => void; // writes the change into the URL
  status: () => Status | null;
  link: () => Link;
  freshness: () => Freshness;
  source: () => Source | null;
  counts: () => Counts;
  draw_soon: () => void;
  // Requests JSON from the server; an error is thrown with the server's message.
  ask: (path: string, init?: RequestInit) => Promise<string>;
  need_history: (symbol: string) => void; // requests the windows of a symbol if they were not requested yet
}

// Counts of the connection's events.
export interface Counts {
  snapshots: number;
  resumed: number;
  messages: number;
  lost: number;
}
