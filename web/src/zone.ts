// The time zone in which the page writes times: UTC, the exchange's (New York), or the user's.
export type Zone = "utc" | "exchange" | "local";

export const zones: readonly Zone[] = ["utc", "exchange", "local"];

const names: Record<Zone, string | undefined> = { utc: "UTC", exchange: "America/New_York", local: undefined };
const labels: Record<Zone, string> = { utc: "UTC", exchange: "New York", local: "local" };

const quarter = 900; // seconds; no zone changes within it
const most_remembered = 20_000;

let current: Zone = "utc";

export const zone = () => current;
export const zone_label = () => labels[current];

export function set_zone(wanted: Zone): void {
  current = wanted;
}

export function is_zone(text: string | null): text is Zone {
  return text !== null && (zones as readonly string[]).includes(text);
}

// Seconds since the epoch, shifted so that formatting them as UTC gives the time in the zone.
export function moved(seconds: number, to: Zone = current): number {
  return to === "utc" ? seconds : seconds + offset_at(seconds, to);
}

// The inverse of moved(): a time as the zone's clocks show it. Of an hour that comes twice it is the second.
export function unmoved(shown: number, from: Zone = current): number {
  if (from === "utc") return shown;
  const guess = shown - offset_at(shown, from);
  return shown - offset_at(guess, from);
}

// The first moment of the day of `seconds` in New York.
export function exchange_midnight(seconds: number): number {
  const midnight = Math.floor(moved(seconds, "exchange") / 86_400) * 86_400;
  return midnight - offset_at(midnight - offset_at(seconds, "exchange"), "exchange");
}

// True if the system's zone has changed since the last call, and the page shows it. Browsers send no event for it.
let system_zone = "";
export function follow_system_zone(): boolean {
  const now = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (now === system_zone) return false;
  const is_first = system_zone === "";
  system_zone = now;
  clocks.delete("local");
  offsets.local.clear();
  return !is_first && current === "local";
}

const clocks = new Map<Zone, Intl.DateTimeFormat>();
const offsets = { exchange: new Map<number, number>(), local: new Map<number, number>() };

function offset_at(seconds: number, zone: "exchange" | "local"): number {
  const remembered = offsets[zone];
  const part = Math.floor(seconds / quarter);
  let offset = remembered.get(part);
  if (offset === undefined) {
    if (remembered.size > most_remembered) remembered.clear();
    remembered.set(part, (offset = look_up(part * quarter, zone)));
  }
  return offset;
}

function look_up(seconds: number, zone: Zone): number {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("en-US", {
      ...(names[zone] ? { timeZone: names[zone] } : {}),
      hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
    clocks.set(zone, clock);
  }
  const part = Object.fromEntries(clock.formatToParts(seconds * 1000).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!) / 1000 - seconds;
}
