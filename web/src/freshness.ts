// What the page may say about its numbers: live, or how old and why. Pure: the time is an argument.
import type { Link } from "./connection";
import { clock, day_and_year } from "./format";
import { to_seconds, type ReplayState, type Status } from "./protocol";
import { grey_lag, lag_of, live_lag, type SourceKind } from "./source";
import { zone_label } from "./zone";

export interface Freshness {
  tone: "live" | "running" | "waiting" | "stale" | "ended" | "lost" | "replay";
  word: string; // for the status lamp in the header
  sentence: string; // for the banner; empty if there is nothing to explain
  grey: boolean; // the numbers are old and shown as old
}

// `heard` is the newest status; `now` and `link` tell how long ago it arrived. Milliseconds. Only the market can be live,
// and only while its newest minute is over for at most three minutes; a simulator and a recording run.
export function freshness_of(link: Link, heard: Status | null, now: number, kind: SourceKind = "market"): Freshness {
  const since_heard = link.heard_at === 0 ? 0 : Math.max(0, (now - link.heard_at) / 1000);
  const age = last_bar_age(heard, since_heard);
  if (link.state === "lost" || link.refusal !== "") return lost(link, heard, since_heard, now);
  if (!heard) return { tone: "waiting", word: "Connecting", sentence: "", grey: false };
  if (link.state === "dialing") {
    return { tone: "lost", word: "Reconnecting", sentence: `Reconnecting to the server. ${shown(since_heard)}`, grey: true };
  }
  if (since_heard > 4) {
    return { tone: "stale", word: "Silent", sentence: `No message from the server for ${age_text(since_heard)}.`, grey: true };
  }
  const { feed } = heard;
  const old = age !== null && age > longest_pause(feed.speed);
  const last_bar = age === null ? "No bar has arrived yet." : `The last bar came ${age_text(age)} ago.`;
  const because = feed.detail ? `${capital(feed.detail)}. ` : "";
  switch (feed.state) {
    case "ended":
      return { tone: "ended", word: "Ended", sentence: "", grey: false };
    case "down":
      return { tone: "lost", word: "Feed down", sentence: `The feed is down. ${because}${last_bar}`, grey: true };
    case "filling":
      return { tone: "waiting", word: "Filling a gap", sentence: `The feed is fetching what it missed; the watermark waits for it. ${because}`, grey: false };
    case "connecting":
      return { tone: "waiting", word: "Feed connecting", sentence: `The feed is connecting. ${because}${last_bar}`, grey: old };
    case "idle":
      return { tone: "waiting", word: "Idle", sentence: old ? `The feed is idle. ${because}${last_bar}` : "", grey: old };
    case "live":
      if (age === null) return { tone: "waiting", word: "Waiting", sentence: "", grey: false };
      if (old) return { tone: "stale", word: "Stale", sentence: last_bar, grey: true };
      return live_or_behind(heard, now, kind);
  }
}

function live_or_behind(heard: Status, now: number, kind: SourceKind): Freshness {
  const lag = lag_of(heard, now);
  const running: Freshness = { tone: "running", word: "Running", sentence: "", grey: false };
  if (kind === "simulated" || kind === "file" || (heard.feed.speed !== null && heard.feed.speed !== 1)) return running;
  if (lag === null || lag <= live_lag) return { tone: "live", word: "Live", sentence: "", grey: false };
  if (kind === "input") return running; // it may be a recording
  const newest = to_seconds(heard.event_time!);
  const sentence = `The newest bar is of ${day_and_year(newest)} ${clock(newest)} ${zone_label()}, ${age_text(lag)} behind the clock.`;
  return { tone: "stale", word: lag <= grey_lag ? `Behind ${age_text(lag)}` : "Old", sentence, grey: lag > grey_lag };
}

// The numbers of a replay are neither live nor old; only the connection may be lost.
export function freshness_of_replay(live: Freshness, phase: ReplayState["phase"] | undefined): Freshness {
  if (live.tone === "lost") return live;
  const words = { opening: "Opening", playing: "Replay", paused: "Replay paused", ended: "Replay ended", failed: "Replay failed" };
  return { tone: "replay", word: words[phase ?? "opening"], sentence: "", grey: false };
}

// Seconds since the last accepted bar, counted on while the server is silent; null if there was none.
export function last_bar_age(heard: Status | null, since_heard: number): number | null {
  const age = heard?.last_bar_age_seconds ?? null;
  return age === null ? null : age + since_heard;
}

// Bars are minute bars: at `speed` market seconds per second, three missed ones are too many. At least ten seconds, so
// that a short delay does not flicker. A feed without a speed (as fast as possible) uses those ten.
function longest_pause(speed: number | null): number {
  return Math.max(10, speed ? 180 / speed : 0);
}

function lost(link: Link, heard: Status | null, since_heard: number, now: number): Freshness {
  const wait = Math.max(0, Math.ceil((link.retry_at - now) / 1000));
  const next = wait > 0 ? `trying again in ${wait} s` : "trying again";
  if (link.refusal !== "") {
    const cure = "Open this page once as /?token=… with another one.";
    const old = heard ? ` ${shown(since_heard)}` : "";
    return { tone: "lost", word: "Access refused", sentence: `The server refuses this page: ${link.refusal}. ${cure}${old}`, grey: heard !== null };
  }
  const sentence = heard
    ? `The server is gone, ${next}. ${shown(since_heard)}`
    : `No answer from the server yet, ${next}.`;
  return { tone: "lost", word: "Disconnected", sentence, grey: heard !== null };
}

function shown(seconds: number): string {
  return `What you see is ${age_text(seconds)} old.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, "");
}

// "4 s", "3 min", "2 h 05 min", "3 d": an age for people.
export function age_text(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 100) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 100) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} d`;
}
