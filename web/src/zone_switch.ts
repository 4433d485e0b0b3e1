// The switch for the time zone. The choice is stored in the URL and, for pages opened later, in the browser.
import { is_zone, zones, type Zone } from "./zone";

const key = "tidemark-zone";
const names: Record<Zone, string> = { utc: "UTC", exchange: "New York", local: "Local" };

export function choose_zone(select: HTMLSelectElement, on_change: (zone: Zone) => void): void {
  select.append(...zones.map((name) => new Option(names[name], name)));
  select.addEventListener("change", () => {
    const chosen = select.value as Zone;
    remember(chosen);
    on_change(chosen);
  });
}

export function remembered_zone(): Zone {
  try {
    const name = localStorage.getItem(key);
    return is_zone(name) ? name : "utc";
  } catch {
    return "utc";
  }
}

function remember(chosen: Zone): void {
  try {
    localStorage.setItem(key, chosen);
  } catch {
    // Not stored.
  }
}
