// The parts of a symbol's chart that can be switched off one by one; the choice is remembered in the browser.
import { element } from "../dom";

export const part_names = {
  avg_close: "Average close",
  avg_vwap: "VWAP",
  range_of_closes: "High and low of closes",
  ribbon: "Signals",
  volume: "Volume",
  buy_pressure: "Buy pressure",
  volatility: "Volatility",
  profile: "Volume profile",
  log: "Logarithmic prices",
} as const;
export type Part = keyof typeof part_names;

const all = Object.keys(part_names) as Part[];
const usually_off: readonly Part[] = ["profile", "log"];
const key = "tidemark-chart";

export function remembered_parts(): Set<Part> {
  try {
    const named = JSON.parse(localStorage.getItem(key) ?? "") as unknown;
    if (Array.isArray(named)) return new Set(all.filter((part) => named.includes(part)));
  } catch {
    // Nothing is remembered.
  }
  return new Set(all.filter((part) => !usually_off.includes(part)));
}

function remember(shown: ReadonlySet<Part>): void {
  try {
    localStorage.setItem(key, JSON.stringify([...shown]));
  } catch {
    // Not stored.
  }
}

// A button that unfolds a list of checkboxes.
export function parts_menu(shown: Set<Part>, on_change: () => void): HTMLElement {
  const list = element("div", "menu-list");
  for (const part of all) {
    const box = element("input");
    box.type = "checkbox";
    box.checked = shown.has(part);
    box.dataset.part = part;
    box.addEventListener("change", () => {
      if (box.checked) shown.add(part);
      else shown.delete(part);
      remember(shown);
      on_change();
    });
    list.append(element("label", "", box, part_names[part]));
  }
  const menu = element("details", "menu", element("summary", "quiet", "Show"), list);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")!.focus();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target as Node)) menu.open = false;
  });
  return menu;
}
