// The time scale of the candles: which points get a label, by the days and hours of the chosen zone. The library's own
// scale counts UTC days, so that in New York's time the date stood in the middle of the evening.
import { defaultHorzScaleBehavior, type Time } from "lightweight-charts";
import { clock, day, day_and_year } from "../format";
import { moved } from "../zone";

// The library's weights: a heavier point keeps its label where there is no room for all.
const of_second = 10;
const of_day = 50;
const of_month = 60;
const of_year = 70;
const within_a_day = [[43_200, 33], [21_600, 32], [10_800, 31], [3_600, 30], [1_800, 22], [300, 21], [60, 20]] as const; // seconds, weight

type Scale = InstanceType<ReturnType<typeof defaultHorzScaleBehavior>>;
type Points = Parameters<Scale["fillWeightsForPoints"]>[0];
type Mark = Parameters<Scale["formatTickmark"]>[0];

export class ZoneScale extends defaultHorzScaleBehavior() {
  readonly dated = new Set<number>(); // the times whose label is a date

  override fillWeightsForPoints(points: Points, from: number): void {
    if (from === 0) this.dated.clear();
    for (let i = from; i < points.length; i++) {
      const before = i === 0 ? null : Number(points[i - 1]!.originalTime as Time);
      const time = Number(points[i]!.originalTime as Time);
      const weight = weight_of(time, before);
      points[i]!.timeWeight = weight as Points[number]["timeWeight"];
      if (weight >= of_day) this.dated.add(time);
      else this.dated.delete(time);
    }
  }

  override formatTickmark(mark: Mark): string {
    const time = Number(mark.originalTime as Time);
    return mark.weight >= of_year ? from_here_on(day_and_year(time)) : mark.weight >= of_day ? from_here_on(day(time)) : clock(time);
  }
}

// The library centres labels. Space before a date lets it begin where the day begins, also at the chart's left edge.
function from_here_on(text: string): string {
  return "\u2003".repeat(Math.ceil(text.length * 0.52)) + text;
}

// How much the label of `time` matters if the point before it is at `before`; the first point begins a day.
export function weight_of(time: number, before: number | null): number {
  if (before === null) return of_day;
  const [now, then] = [moved(time), moved(before)];
  const [date, earlier] = [new Date(now * 1000), new Date(then * 1000)];
  if (date.getUTCFullYear() !== earlier.getUTCFullYear()) return of_year;
  if (date.getUTCMonth() !== earlier.getUTCMonth()) return of_month;
  if (date.getUTCDate() !== earlier.getUTCDate()) return of_day;
  for (const [seconds, weight] of within_a_day) if (Math.floor(now / seconds) !== Math.floor(then / seconds)) return weight;
  return of_second;
}
