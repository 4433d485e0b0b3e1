// The volume profile of what is in sight: how much volume lies at which price, as bars from the right edge. A bar's volume
// is spread evenly from its low to its high.
import type { IChartApiBase, IPanePrimitive, IPanePrimitivePaneView, ISeriesApi, PaneAttachedParameter, Time } from "lightweight-charts";
import type { Point } from "./candles";
import { faded, ink } from "./ink";

export interface Slot {
  from: number; // prices
  to: number;
  volume: number;
}

type Target = Parameters<NonNullable<ReturnType<IPanePrimitivePaneView["renderer"]>>["draw"]>[0];

const slots = 40;
const widest = 0.2; // of the pane

export function volume_profile(points: readonly Point[], count = slots): Slot[] {
  const bars = points.flatMap(({ bar }) => (bar ? [{ low: Number(bar.low), high: Number(bar.high), volume: Number(bar.volume) }] : []));
  if (bars.length === 0) return [];
  const low = bars.reduce((least, bar) => Math.min(least, bar.low), Infinity);
  const high = bars.reduce((most, bar) => Math.max(most, bar.high), -Infinity);
  if (high <= low) return [{ from: low, to: high, volume: bars.reduce((total, { volume }) => total + volume, 0) }];
  const step = (high - low) / count;
  const profile = Array.from({ length: count }, (_, i) => ({ from: low + i * step, to: low + (i + 1) * step, volume: 0 }));
  const slot_of = (price: number) => Math.min(count - 1, Math.max(0, Math.floor((price - low) / step)));
  for (const bar of bars) {
    const [first, last] = [slot_of(bar.low), slot_of(bar.high)];
    const length = bar.high - bar.low;
    for (let i = first; i <= last; i++) {
      const { from, to } = profile[i]!;
      profile[i]!.volume += length === 0 ? bar.volume : (bar.volume * Math.max(0, Math.min(to, bar.high) - Math.max(from, bar.low))) / length;
    }
  }
  return profile;
}

export class ProfileLayer implements IPanePrimitive<Time> {
  private chart: IChartApiBase<Time> | null = null;
  private points: readonly Point[] | null = null; // null: not shown
  private profile: { key: string; slots: Slot[] } = { key: "", slots: [] };
  private ask_to_draw = () => {};
  private readonly views: readonly IPanePrimitivePaneView[] = [{ zOrder: () => "bottom" as const, renderer: () => ({ draw: (target) => this.paint(target) }) }];

  constructor(private readonly prices: ISeriesApi<"Candlestick">) {}

  attached({ chart, requestUpdate }: PaneAttachedParameter<Time>): void {
    this.chart = chart;
    this.ask_to_draw = requestUpdate;
  }

  paneViews(): readonly IPanePrimitivePaneView[] {
    return this.views;
  }

  show(points: readonly Point[] | null): void {
    this.points = points;
    this.profile.key = "";
    this.ask_to_draw();
  }

  // Of the points in sight; empty if it is not shown.
  slots(): readonly Slot[] {
    const range = this.chart?.timeScale().getVisibleLogicalRange();
    if (!this.points || !range) return [];
    const [first, last] = [Math.max(0, Math.ceil(range.from)), Math.floor(range.to)];
    const key = `${first} ${last}`;
    if (key !== this.profile.key) this.profile = { key, slots: volume_profile(this.points.slice(first, last + 1)) };
    return this.profile.slots;
  }

  private paint(target: Target): void {
    const profile = this.slots();
    const most = profile.reduce((held, { volume }) => Math.max(held, volume), 0);
    if (most === 0) return;
    target.useMediaCoordinateSpace(({ context, mediaSize: { width } }) => {
      for (const { from, to, volume } of profile) {
        const [bottom, top] = [this.prices.priceToCoordinate(from), this.prices.priceToCoordinate(to)];
        if (bottom === null || top === null) continue;
        const length = (volume / most) * width * widest;
        context.fillStyle = faded(ink.faint, volume === most ? 0.5 : 0.26);
        context.fillRect(width - length, top, length, Math.max(1, bottom - top - 1));
      }
    });
  }
}
