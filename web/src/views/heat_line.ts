// The numbers of a cell of the heat map, on its card and as a line of its table.
import { element, set_text } from "../dom";
import { clock, day, exact, no_value, share, signed_percent } from "../format";
import { to_seconds } from "../protocol";
import type { Word } from "../words";
import { shapes } from "./watch_line";
import type { WatchRow } from "./watch_row";

export const heat_columns: readonly (readonly [string, string, Word])[] = [
  ["symbol", "Symbol", "symbol"],
  ["signal", "Signal", "signal"],
  ["percent", "Change", "percent"],
  ["volatility", "Volatility", "volatility"],
  ["volatility-percent", "Volatility %", "volatility_percent"],
  ["volume", "Volume a bar", "volume"],
  ["end", "Window's end", "end"],
];

export function texts_of({ symbol, trend, percent, places, is_forming }: WatchRow): Record<string, string> {
  const volatility = trend?.volatility ?? null;
  return {
    symbol,
    signal: trend ? `${shapes[trend.trend_signal]} ${trend.trend_signal.charAt(0)}${trend.trend_signal.slice(1).toLowerCase()}${is_forming ? ", forming" : ""}` : no_value,
    percent: percent === null ? no_value : signed_percent(percent),
    volatility: volatility === null ? no_value : exact(volatility, places.price),
    "volatility-percent": trend === null || volatility === null ? no_value : share(volatility / trend.avg_close),
    volume: trend ? exact(trend.avg_volume, places.volume) : no_value,
    end: trend ? `${day(to_seconds(trend.window_end))} ${clock(to_seconds(trend.window_end))}` : no_value,
  };
}

export class HeatLine {
  readonly root = element("div", "line heat-line");
  private readonly link = element("a", "name");
  private readonly badge = element("span", "signal");
  private readonly cells = new Map<string, HTMLElement>();

  constructor() {
    this.root.setAttribute("role", "row");
    this.link.tabIndex = -1;
    for (const [id] of heat_columns) {
      const cell = element("span", `cell of-${id}`, ...(id === "symbol" ? [this.link] : id === "signal" ? [this.badge] : []));
      cell.setAttribute("role", "cell");
      this.cells.set(id, cell);
      this.root.append(cell);
    }
  }

  draw(row: WatchRow): void {
    const texts = texts_of(row);
    this.root.dataset.symbol = row.symbol;
    set_text(this.link, row.symbol);
    this.link.href = `#/symbol/${encodeURIComponent(row.symbol)}`;
    this.badge.dataset.signal = row.trend ? row.trend.trend_signal.toLowerCase() : "none";
    set_text(this.badge, texts.signal!);
    for (const [id] of heat_columns.slice(2)) set_text(this.cells.get(id)!, texts[id]!);
    this.cells.get("percent")!.dataset.direction = row.percent === null || row.percent === 0 ? "" : row.percent > 0 ? "up" : "down";
  }
}
