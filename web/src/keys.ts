// The keys: which one does what. Keys are ignored while the user types in a field, but for Ctrl K.
import type { ViewName } from "./address";

export interface KeyActions {
  view: (name: ViewName) => void;
  search: () => void;
  step: (by: 1 | -1) => void;
  enter: () => boolean; // false: there was nothing to open
  save: () => void;
  help: () => void;
  palette: () => void;
  replay: () => void;
  play: () => boolean; // these two: false if there is no replay
  minute: () => boolean;
}

const views: Record<string, ViewName> = { "1": "watch", "2": "symbol", "3": "compare", "4": "health", "5": "sql", "6": "signals", "7": "map" };

export function listen_to_keys(actions: KeyActions): void {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !document.querySelector("dialog[open]")) {
      event.preventDefault(); // the browser's search field
      return actions.palette();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (is_typing(event.target)) {
      if (event.key === "Escape") (event.target as HTMLElement).blur();
      return;
    }
    if (act(event, actions)) event.preventDefault();
  });
}

function act(event: KeyboardEvent, actions: KeyActions): boolean {
  const { key, target } = event;
  const view = views[key];
  if (view) actions.view(view);
  else if (key === "/") actions.search();
  else if (key === "?") actions.help();
  else if (key === "e") actions.save();
  else if (key === "r") actions.replay();
  else if (key === " " && !is_control(target)) return actions.play();
  else if (key === ".") return actions.minute();
  else if (key === "j") actions.step(1);
  else if (key === "k") actions.step(-1);
  else if (key === "Enter" && !is_control(target)) return actions.enter();
  else return false;
  return true;
}

function is_typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);
}

function is_control(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("button, a, summary");
}
