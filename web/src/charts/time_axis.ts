// The position of windows on the time axis, and which of them get labels. The axis counts windows, not hours: a night,
// a weekend or a year without bars takes a few places instead of the whole chart.
//
//     14:57  14:58  14:59  15:00 ┊ 09:31  09:32        ┊ stands for eighteen hours
import { clock, day, day_and_year } from "../format";
import { moved } from "../zone";

const widest_jump = 5; // places

// The position of each time on the axis. Consecutive windows are one apart. The first position depends on its time, so
// that a moving axis gets different positions.
export function places(times: readonly number[], slide: number): number[] {
  if (times.length < 2) return times.map(() => 0);
  let place = times[0]! / slide;
  return times.map((time, i) => (i === 0 ? place : (place += Math.min(widest_jump, (time - times[i - 1]!) / slide))));
}

export interface Mark {
  index: number; // of the window
  label: string;
  of_day: boolean; // the first window of a day
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1440].map((minutes) => minutes * 60);

// The labels that fit: round times at least `room` places apart. The first window of a day takes precedence.
export function time_marks(times: readonly number[], at: readonly number[], slide: number, room: number): Mark[] {
  if (times.length === 1) return [{ index: 0, of_day: false, label: clock(times[0]!) }];
  const step = steps.find((seconds) => seconds / slide >= room) ?? steps.at(-1)!;
  const years = new Set(times.map((time) => new Date(moved(time) * 1000).getUTCFullYear()));
  const marks: Mark[] = [];
  times.forEach((time, index) => {
    const of_day = index > 0 && day_number(time) !== day_number(times[index - 1]!);
    if (!of_day && moved(time) % step !== 0) return;
    const last = marks.at(-1);
    const crowded = last !== undefined && at[index]! - at[last.index]! < room;
    if (crowded && (!of_day || (last.of_day && at[last.index]! - at[0]! >= room))) return;
    if (crowded) marks.pop(); // also the first day, if hardly any of it is visible
    marks.push({ index, of_day, label: of_day ? (years.size > 1 ? day_and_year(time) : day(time)) : clock(time) });
  });
  return marks;
}

// The windows before which the axis leaves out so much time that it should be marked.
export function shortened(times: readonly number[], slide: number): number[] {
  return times.flatMap((time, i) => (i > 0 && (time - times[i - 1]!) / slide > 6 * widest_jump ? [i] : []));
}

function day_number(time: number): number {
  return Math.floor(moved(time) / 86_400);
}
