// window.__tidemark: a read-only look behind the page, for tests and curious people. Everything it gives is a copy.
import { build_frame } from "./charts/frame";
import type { Wall } from "./charts/wall";
import type { Link } from "./connection";
import type { Status } from "./protocol";
import type { Store } from "./store";

interface Insides {
  store: Store;
  chosen: () => readonly string[];
  wall: Wall;
  link: () => Link;
  status: () => Status | null;
  snapshots: () => number;
}

export function expose({ store, chosen, wall, link, status, snapshots }: Insides): void {
  const hook = {
    symbols: () => [...store.symbols()],
    chosen: () => [...chosen()],
    rows: (symbol: string) => structuredClone(store.history(symbol).rows),
    current: (symbol: string) => structuredClone(store.current(symbol)),
    times: () => build_frame(store, chosen()).x,
    places: () => build_frame(store, chosen()).at,
    drawn: () => structuredClone(wall.drawn()),
    link: () => ({ ...link() }),
    status: () => structuredClone(status()),
    epoch: () => store.epoch,
    sequence: () => store.sequence,
    snapshots,
  };
  Object.defineProperty(window, "__tidemark", { value: Object.freeze(hook) });
}
