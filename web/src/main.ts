// The page: connects the server, the data, and the open view.
import "uplot/dist/uPlot.min.css";
import "./style/base.css";
import "./style/masthead.css";
import "./style/badges.css";
import "./style/watch.css";
import "./style/charts.css";
import "./style/symbol.css";
import "./style/data.css";
import "./style/health.css";
import "./style/sql.css";
import "./style/replay.css";
import "./style/signals.css";
import "./style/map.css";
import "./style/words.css";
import "./style/palette.css";
import "./style/states.css";
import "./style/narrower_screens.css";
import "./style/smallest_screens.css";
import { nowhere, read_address, write_address, type Address, type ViewName } from "./address";
import { BarStore } from "./bars";
import { chosen_symbols } from "./chosen";
import { Connection, type Link } from "./connection";
import { expose } from "./debug";
import { by_id, set_text } from "./dom";
import { FlipLog } from "./flips";
import { freshness_of, freshness_of_replay, type Freshness } from "./freshness";
import { Help } from "./help";
import { listen_to_keys } from "./keys";
import { ask, live_address } from "./line";
import { Masthead } from "./masthead";
import type { Palette } from "./palette";
import { PreviousClose } from "./previous_close";
import type { Message, Part, ReplayState, Snapshot, Status } from "./protocol";
import { Replay } from "./replay";
import { ReplayBar } from "./replay_bar";
import { source_of, type Source } from "./source";
import { Store } from "./store";
import { Theme } from "./theme";
import { Health } from "./views/health";
import { Later } from "./views/later";
import { SymbolView } from "./views/symbol";
import type { Desk, View } from "./views/view";
import { Watch } from "./views/watch";
import { choose_zone, remembered_zone } from "./zone_switch";
import { follow_system_zone, set_zone, zone } from "./zone";

const windows = 240; // kept per symbol on the charts
const titles: Record<ViewName, string> = { watch: "Watchlist", symbol: "Symbol", compare: "Compare", health: "Health", sql: "SQL", signals: "Signals", map: "Map", words: "Words" };

const bars = new BarStore();
const flips = new FlipLog();
const store = new Store(windows, (symbol) => bars.last(symbol)?.time ?? null);
let address: Address = { ...nowhere, ...read_address(location.hash, location.search) };
let link: Link = { state: "dialing", retry_at: 0, heard_at: 0, refusal: "" };
let status: Status | null = null;
let asked: readonly string[] = []; // the symbols whose history was requested; none = all
const counts = { snapshots: 0, resumed: 0, messages: 0, lost: 0 };

const replay = new Replay({ ask, moved: on_other_source, draw_soon });
const desk: Desk = {
  store,
  bars,
  replay,
  previous: new PreviousClose({ ask, status: () => status, draw_soon }),
  address: () => address,
  go,
  status: () => status,
  link: () => link,
  freshness,
  source,
  counts: () => counts,
  draw_soon,
  ask,
  need_history,
};

const masthead = new Masthead();
const help = new Help();
const replay_bar = new ReplayBar(replay, { choose: (day) => go({ replay: day }), leave: () => go({ replay: null }) });
const compare = new Later({ name: "Compare", load: async () => new (await import("./views/compare")).Compare(desk), on_loaded: draw_soon, needs_data: true });
const heat_map = new Later({ name: "Map", load: async () => new (await import("./views/heat_map")).HeatMap(desk), on_loaded: draw_soon, needs_data: true });
const symbol = new SymbolView(desk);
const views: Record<ViewName, View> = {
  watch: new Watch(desk),
  symbol,
  compare,
  health: new Health(desk),
  sql: new Later({ name: "SQL", load: async () => new (await import("./views/sql")).Sql(desk), on_loaded: draw_soon, needs_data: false }),
  signals: new Later({ name: "Signals", load: async () => new (await import("./views/signals")).Signals(desk, flips), on_loaded: draw_soon, needs_data: true }),
  map: heat_map,
  words: new Later({ name: "Words", load: async () => new (await import("./views/words")).Words(desk), on_loaded: draw_soon, needs_data: false }),
};
let open: View | null = null;

const connection = new Connection({ address: dial_address, on_message, on_link });

// ── the line to the server ──────────────────────────────────────────────────────────────────────────────────────────

// The symbols whose full history is needed: those on the charts.
function wanted(): readonly string[] {
  const { view, symbol: opened } = address;
  const chosen = chosen_symbols(desk);
  return view === "symbol" && opened && chosen.length > 0 && !chosen.includes(opened) ? [...chosen, opened] : chosen;
}

async function dial_address(failures: number): Promise<string> {
  const before = asked;
  if (failures > 0 || !replay.state) await replay.ensure();
  const dialed = await live_address({ base: replay.base(), wanted: wanted(), history: windows, failures, heard: store.heard() });
  asked = dialed.symbols;
  // Resuming is enough only if the same symbols are wanted as before.
  return asked.join() === before.join() ? dialed.resuming : dialed.afresh;
}

function on_message(message: Message): boolean {
  counts.messages++;
  switch (message.type) {
    case "snapshot":
      store.watch(asked);
      store.begin(message);
      bars.begin();
      flips.begin();
      return on_part(message);
    case "part":
      return on_part(message);
      open?.opened?.();
      break;
    case "resumed":
      if (!store.is_heard_up_to(message)) return false;
      counts.resumed++;
      break;
    case "trends":
      if (!store.apply(message)) return false;
      bars.apply(message.bars ?? []);
      flips.take(message.trends);
      // Symbols have appeared that belong on the charts but whose history was not requested.
      if (asked.length > 0 && wanted().some((symbol) => !asked.includes(symbol))) connection.dial();
      break;
    case "replay":
      replay.hear(message.replay);
      note_moment(message.replay);
      break;
    case "status":
      break;
  }
  if ("status" in message) status = message.status;
  draw_soon();
  return true;
}

// Nothing of a snapshot is shown before it is complete.
function on_part(part: Snapshot | Part): boolean {
  if (!store.add(part.trends ?? [])) return false;
  bars.add(part.bars ?? []);
  flips.take(part.trends ?? []);
  if (!part.status) return true;
  store.finish();
  bars.finish();
  counts.snapshots++;
  status = part.status;
  open?.opened?.();
  draw_soon();
  return true;
}

function on_link(now: Link): void {
  if (now.state === "lost" && link.state !== "lost") counts.lost++;
  link = now;
  draw_soon();
}

// Switches between the live run and a replay. What was received from one does not apply to the other.
function on_other_source(): void {
  store.forget();
  bars.forget();
  flips.forget();
  status = null;
  asked = [];
  if (!replay.is_on() && address.replay) go({ replay: null }); // the day was not available
  draw_soon();
  connection.dial();
}

function need_history(symbol: string): void {
  if (asked.length > 0 && !asked.includes(symbol) && link.state === "open") connection.dial();
}

// ── where we are ────────────────────────────────────────────────────────────────────────────────────────────────────

function go(change: Partial<Address>): void {
  if (change.symbol && change.symbol !== address.symbol) change = { seen: null, ...change };
  const is_step = (change.view ?? address.view) !== address.view || (change.symbol ?? address.symbol) !== address.symbol;
  address = { ...address, ...change };
  history[is_step ? "pushState" : "replaceState"](null, "", `${location.pathname}${write_address(address)}`);
  show();
}

// Writes the position of a replay into the URL, rarely while it plays.
let moment_noted_at = 0;
function note_moment({ phase, time, day, speed }: ReplayState): void {
  const now = performance.now();
  if (!address.replay || (phase === "playing" && now - moment_noted_at < 1_000)) return;
  moment_noted_at = now;
  address = { ...address, replay: time ?? day, speed };
  history.replaceState(null, "", `${location.pathname}${write_address(address)}`);
}

function follow_replay(): void {
  const { replay: moment, speed } = address;
  const day = moment?.slice(0, 10) ?? null;
  if (day === replay.day()) return;
  if (day === null) return replay.leave();
  const at = moment!.length > day.length ? moment : null;
  void replay.enter(day, { at, speed, play: at === null });
}

// Follows the URL, after the browser's buttons or manual editing.
function follow(): void {
  const there = read_address(location.hash);
  // State of views that the URL does not mention stays.
  const kept: Partial<Address> = {};
  if (there.view !== "watch") Object.assign(kept, { sort: address.sort, down: address.down });
  if (there.view !== "watch" && there.view !== "signals" && there.view !== "map") kept.find = address.find;
  if (there.view !== "signals") Object.assign(kept, { kind: address.kind, least: address.least, since: address.since });
  if (there.view !== "map") Object.assign(kept, { measure: address.measure, by_value: address.by_value, as_table: address.as_table });
  if (there.view !== "compare") Object.assign(kept, { symbols: address.symbols, scale: address.scale, span: address.span, between: address.between });
  if (there.view !== "sql") kept.question = address.question;
  if (there.view !== "symbol") Object.assign(kept, { symbol: address.symbol, range: address.range, interval: address.interval, seen: address.seen });
  address = { ...there, ...kept };
  show();
}

function show(): void {
  const before = zone();
  set_zone(address.zone ?? remembered_zone());
  (by_id("zone") as HTMLSelectElement).value = zone();
  if (before !== zone()) open?.repaint?.();
  const view = views[address.view];
  for (const link of document.querySelectorAll<HTMLAnchorElement>("#views a")) {
    if (link.dataset.view === address.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (view !== open) {
    open?.left?.();
    by_id("view").replaceChildren(view.root);
    open = view;
    view.repaint?.();
  }
  document.documentElement.dataset.view = address.view;
  follow_replay();
  view.opened?.();
  draw_soon();
}

// ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

// However much arrives, the page is drawn at most once a frame, never while hidden, and on a slow machine so rarely
// that three quarters of the time remain free.
let asked_to_draw = false;
let rest_until = 0; // milliseconds of performance.now()
const after_frame = new MessageChannel(); // its message arrives after the browser has laid out and painted
function draw_soon(): void {
  if (asked_to_draw) return;
  asked_to_draw = true;
  window.setTimeout(() => requestAnimationFrame(draw), Math.max(0, rest_until - performance.now()));
}

function draw(): void {
  asked_to_draw = false;
  const began = performance.now();
  draw_page();
  after_frame.port1.onmessage = () => {
    const ended = performance.now();
    rest_until = ended + Math.min(500, 3 * (ended - began));
  };
  after_frame.port2.postMessage(null);
}

function source(): Source | null {
  return source_of(status, store.current(store.symbols()[0] ?? "")?.feed ?? null, replay.day());
}

function freshness(): Freshness {
  const live = freshness_of(link, status, Date.now(), source()?.kind);
  return replay.is_on() ? freshness_of_replay(live, replay.state?.phase) : live;
}

function draw_page(): void {
  const now = Date.now();
  if (follow_system_zone()) open?.repaint?.();
  const view = open!;
  replay_bar.draw();
  masthead.draw(freshness(), source(), status, link.heard_at === 0 ? 0 : (now - link.heard_at) / 1000, view.title());
  const sentence = emptiness(view);
  document.documentElement.dataset.page = !view.needs_data || store.symbols().length > 0 ? "full" : counts.snapshots > 0 ? "empty" : "loading";
  const empty = by_id("empty");
  empty.hidden = sentence === "";
  set_text(empty, sentence);
  view.draw();
}

// Says what the page waits for while there is nothing to draw.
function emptiness(view: View): string {
  if (!view.needs_data) return "";
  if (store.symbols().length > 0) return view.emptiness?.() ?? "";
  if (replay.is_on()) return "Nothing yet: the day begins with its first bar.";
  if (counts.snapshots > 0) return "No bars yet. The first windows appear here as soon as the feed delivers.";
  return link.refusal !== "" ? "" : link.state === "lost" ? "Waiting for the server." : "Loading.";
}

// ── beginning ───────────────────────────────────────────────────────────────────────────────────────────────────────

for (const link of document.querySelectorAll<HTMLAnchorElement>("#views a")) {
  link.title = titles[link.dataset.view as ViewName];
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go({ view: link.dataset.view as ViewName });
  });
}
by_id("skip").addEventListener("click", (event) => {
  event.preventDefault();
  by_id("main").focus();
});
by_id("keys").addEventListener("click", () => help.open());
choose_zone(by_id("zone") as HTMLSelectElement, (chosen) => {
  go({ zone: chosen });
});
function find(): void {
  if (!open?.search?.checkVisibility()) go({ view: "watch" });
  open!.search!.focus();
  open!.search!.select();
}

let palette: Palette | null = null;
async function open_palette(): Promise<void> {
  if (!palette) {
    const module = await import("./palette").catch(() => null); // the server is unreachable: the next press tries again
    if (!module || palette) return;
    palette = new module.Palette(
      { go, act: { theme: () => by_id("theme").click(), replay: () => replay_bar.open(), save: () => open?.save?.(), help: () => help.open(), find } },
      () => store.symbols(),
    );
  }
  palette.open();
}

by_id("commands").addEventListener("click", () => void open_palette());
listen_to_keys({
  view: (name) => go({ view: name }),
  search: find,
  palette: () => void open_palette(),
  step: (by) => open?.step?.(by),
  enter: () => {
    if (!open?.enter) return false;
    open.enter();
    return true;
  },
  save: () => open?.save?.(),
  help: () => help.open(),
  replay: () => replay_bar.open(),
  play: () => {
    if (!replay.is_on()) return false;
    replay.toggle();
    return true;
  },
  minute: () => {
    if (!replay.is_on()) return false;
    replay.step();
    return true;
  },
});
by_id("replay-bar").replaceWith(replay_bar.root);
by_id("replay-day").addEventListener("click", () => replay_bar.open());
window.addEventListener("hashchange", follow);
window.addEventListener("popstate", follow);
new Theme(by_id("theme") as HTMLButtonElement, () => {
  open?.repaint?.();
  draw_soon();
});
window.setInterval(draw_soon, 1000); // ages grow even if nothing arrives
expose({ store, bars, chosen: () => chosen_symbols(desk), compare: () => compare.view, heat_map: () => heat_map.view, symbol, link: () => link, status: () => status, counts: () => counts, zone, replay: () => replay.state });
if (location.search !== "") history.replaceState(null, "", `${location.pathname}${write_address(address)}`);
show();
if (!replay.is_on()) connection.dial(); // else it dials once there is a stream
