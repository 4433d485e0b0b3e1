// window.__tidemark: read-only access to the page's state, for tests and debugging. Everything it returns is a copy.
import { build_frame } from "./charts/frame";
import type { BarStore } from "./bars";
import type { Link } from "./connection";
import type { ReplayState, Status } from "./protocol";
import type { Store } from "./store";
import type { Compare } from "./views/compare";
import type { HeatMap } from "./views/heat_map";
import type { SymbolView } from "./views/symbol";
import type { Counts } from "./views/view";
import type { Zone } from "./zone";

interface Insides {
  store: Store;
  bars: BarStore;
  chosen: () => readonly string[];
  compare: () => Compare | null; // null before it was opened
  heat_map: () => HeatMap | null; // the same
  symbol: SymbolView;
  link: () => Link;
  status: () => Status | null;
  counts: () => Counts;
  zone: () => Zone;
  replay: () => ReplayState | null;
}

export function expose({ store, bars, chosen, compare, heat_map, symbol: symbol_view, link, status, counts, zone, replay }: Insides): void {
  const frame = () => compare()?.frame() ?? build_frame(store, chosen());
  const hook = {
    symbols: () => [...store.symbols()],
    chosen: () => [...chosen()],
    rows: (symbol: string) => structuredClone(store.history(symbol).rows),
    current: (symbol: string) => structuredClone(store.current(symbol)),
    times: () => frame().x,
    places: () => frame().at,
    drawn: () => structuredClone(compare()?.wall.drawn() ?? null),
    link: () => ({ ...link() }),
    status: () => structuredClone(status()),
    epoch: () => store.epoch,
    sequence: () => store.sequence,
    counts: () => ({ ...counts() }),
    last_bar: (symbol: string) => structuredClone(bars.last(symbol)),
    bars: (symbol: string) => structuredClone(bars.bars(symbol)),
    map: () => structuredClone(heat_map()?.cells() ?? null),
    candles: () => symbol_view.on_canvas(),
    zone,
    replay: () => structuredClone(replay()),
  };
  Object.defineProperty(window, "__tidemark", { value: Object.freeze(hook) });
}
