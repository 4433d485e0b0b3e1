// Where the page's numbers come from, said so that nobody takes a simulation or a recording for the market; and how far
// a live source is behind the wall clock. Pure: the time is an argument.
import { day_and_year, integer } from "./format";
import { to_seconds, type Status } from "./protocol";

export type SourceKind = "market" | "simulated" | "replay" | "file" | "input";

export interface Source {
  kind: SourceKind;
  label: string; // of the badge: SIMULATED ×60
  sentence: string; // for the health view
}

// Seconds that the newest minute of a live source may be old when it is over: more is amber, much more is grey.
export const live_lag = 180;
export const grey_lag = 900;

const minute = 60;

const plans: readonly (readonly [RegExp, string, string])[] = [
  [/ symbols of IEX/, "IEX", "IEX, one exchange of many: a few percent of all trades"],
  [/ symbols of SIP, fifteen/, "SIP −15 min", "SIP, all exchanges, fifteen minutes late"],
  [/ symbols of SIP/, "SIP", "SIP, all exchanges"],
  [/ symbols of the test feed/, "TEST FEED", "Alpaca's test feed, which is no market"],
  [/ symbols of crypto/, "CRYPTO", "Alpaca's own crypto exchange"],
];

// `feed_of_rows` is the field `feed` of the newest window: iex, sip, sim. `replayed` is the day of a replay.
export function source_of(status: Status | null, feed_of_rows: string | null, replayed: string | null): Source | null {
  if (replayed) return { kind: "replay", label: `REPLAY of ${replayed}`, sentence: `A replay of ${replayed}, a stored day.` };
  if (!status) return null;
  const { name, detail, speed } = status.feed;
  const times = speed === null ? "" : ` ×${integer(speed)}`;
  switch (name) {
    case "simulator":
      return { kind: "simulated", label: `SIMULATED${times}`, sentence: "Prices that a simulator made up: no market did this." };
    case "replay":
      return { kind: "file", label: `FILE${times}`, sentence: "Bars of recorded files, not of the current market." };
    case "stdin":
      return feed_of_rows === "sim" ? { kind: "simulated", label: "SIMULATED", sentence: "Prices that a simulator made up, from standard input." } : { kind: "input", label: "STDIN", sentence: "Bars from standard input; this page cannot know who writes them." };
  }
  const plan = plans.find(([words]) => words.test(detail));
  if (plan) return { kind: "market", label: plan[1], sentence: `Bars of ${plan[2]}.` };
  if (feed_of_rows === "sim") return { kind: "simulated", label: "SIMULATED", sentence: `Prices that a simulator made up, by ${name}.` };
  const label = (feed_of_rows ?? name).toUpperCase();
  return { kind: "market", label, sentence: feed_of_rows ? `Bars of the feed ${feed_of_rows}, by ${name}.` : `Bars by ${name}.` };
}

// Seconds from the end of the newest minute until now; null if none has come.
export function lag_of(status: Status | null, now: number): number | null {
  if (!status?.event_time) return null;
  const late = / fifteen minutes late/.test(status.feed.detail) ? 900 : 0; // by its plan
  return Math.max(0, now / 1000 - to_seconds(status.event_time) - minute - late);
}

// The day of the newest bar where that is not today, in the page's zone; else empty.
export function day_of_data(status: Status | null, now: number): string {
  if (!status?.event_time) return "";
  const day = day_and_year(to_seconds(status.event_time));
  return day === day_and_year(now / 1000) ? "" : day;
}
