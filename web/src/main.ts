// The page: joins the line to the server, the store of windows, and what is drawn of them.
import "uplot/dist/uPlot.min.css";
import "./style/base.css";
import "./style/masthead.css";
import "./style/badges.css";
import "./style/charts.css";
import "./style/data.css";
import "./style/states.css";
import "./style/narrower_screens.css";
import { read_address, write_address, type View } from "./address";
import { Badges } from "./badges";
import { build_frame } from "./charts/frame";
import { ink, most_series } from "./charts/ink";
import { Wall } from "./charts/wall";
import { Connection, NotLetIn, type Link } from "./connection";
import { expose } from "./debug";
import { by_id, set_text } from "./dom";
import { judge } from "./freshness";
import { Health } from "./health";
import type { Message, Status } from "./protocol";
import { Store } from "./store";
import { Theme } from "./theme";

const windows = 240; // kept per symbol on the charts
const default_symbols = 5;

const store = new Store(windows);
const view: View = read_address(location.search);
let link: Link = { state: "dialing", retry_at: 0, heard_at: 0, refusal: "" };
let status: Status | null = null;
let asked: readonly string[] = []; // the symbols whose history the server was asked for; none = all
let snapshots = 0;

const health = new Health();
const wall = new Wall({
  charts: by_id("charts"),
  readout: by_id("readout"),
  on_scale: (scale) => {
    view.scale = scale;
    keep_view();
  },
});
by_id("charts").querySelector(".average-close")!.after(health.root);

const badges = new Badges(
  {
    badges: by_id("badges"),
    tools: by_id("watch-tools"),
    search: by_id("search") as HTMLInputElement,
    count: by_id("search-count"),
  },
  toggle,
  () => draw_soon(),
);

const connection = new Connection({ address, on_message, on_link });

// The symbols on the charts: the chosen ones, or the first few of those there are.
function chosen(): readonly string[] {
  return (view.symbols ?? store.symbols().slice(0, default_symbols)).slice(0, most_series);
}

// Where to dial. The first time nobody knows which symbols there are; asking beforehand spares thousands of histories.
async function address(failures: number): Promise<string> {
  asked = chosen();
  if (failures > 0) await get("/api/v1/status");
  if (asked.length === 0) {
    const answer = await get("/api/v1/symbols");
    const { symbols } = (await answer.json()) as { symbols: { symbol: string }[] };
    asked = symbols.map(({ symbol }) => symbol).sort().slice(0, default_symbols);
  }
  const query = new URLSearchParams({ history: String(windows) });
  if (asked.length > 0) query.set("symbols", asked.join(","));
  const base = new URL("/api/v1/live", location.href);
  base.protocol = base.protocol === "https:" ? "wss:" : "ws:";
  return `${base.href}?${query}`;
}

async function get(path: string): Promise<Response> {
  const answer = await fetch(path);
  if (answer.status === 401) throw new NotLetIn("the token of this page is not valid");
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer;
}

function on_message(message: Message): boolean {
  if (message.type === "trends" && !store.apply(message)) return false;
  if (message.type === "snapshot") {
    store.watch(asked);
    store.replace(message);
    snapshots++;
  }
  if (message.type !== "trends") status = message.status;
  // Symbols have appeared that belong on the charts but whose past was not asked for.
  if (message.type === "trends" && asked.length > 0 && chosen().some((symbol) => !asked.includes(symbol))) connection.dial();
  draw_soon();
  return true;
}

function on_link(now: Link): void {
  link = now;
  draw_soon();
}

function toggle(symbol: string): void {
  const symbols = [...chosen()];
  const at = symbols.indexOf(symbol);
  const full = at < 0 && symbols.length >= most_series;
  const note = by_id("watch-note");
  note.hidden = !full;
  set_text(note, full ? `The charts hold ${most_series} symbols: take one off first.` : "");
  if (full) return;
  if (at >= 0) symbols.splice(at, 1);
  else symbols.push(symbol);
  view.symbols = symbols;
  keep_view();
  if (at < 0 && asked.length > 0 && !asked.includes(symbol) && link.state === "open") connection.dial();
}

function keep_view(): void {
  history.replaceState(null, "", `${location.pathname}${write_address(view)}${location.hash}`);
  draw_soon();
}

// However much comes in, the page is drawn at most once a frame, not at all while nobody can see it, and on a slow
// machine so seldom that three quarters of the time stay free.
let asked_to_draw = false;
let rest_until = 0; // milliseconds of performance.now()
let drawn = ""; // what the charts show; the clock alone is no reason to draw them again
function draw_soon(): void {
  if (asked_to_draw) return;
  asked_to_draw = true;
  window.setTimeout(() => requestAnimationFrame(draw), Math.max(0, rest_until - performance.now()));
}

function draw(): void {
  asked_to_draw = false;
  const began = performance.now();
  draw_page();
  const ended = performance.now();
  rest_until = ended + 3 * (ended - began);
}

function draw_page(): void {
  const now = Date.now();
  health.draw(judge(link, status, now), status, link.heard_at === 0 ? 0 : (now - link.heard_at) / 1000);
  const symbols = chosen();
  badges.draw({
    symbols: store.symbols(),
    chosen: symbols,
    color: (position) => ink.series[position]!,
    current: (symbol) => store.current(symbol),
    newest_day: status?.event_time?.slice(0, 10) ?? "",
  });
  const scale = view.scale ?? (symbols.length > 1 ? "percent" : "price");
  const picture = [scale, ...symbols.map((symbol) => `${symbol} ${store.history(symbol).changes}`)].join(" ");
  if (picture !== drawn) wall.draw(build_frame(store, symbols), scale);
  drawn = picture;
  draw_emptiness(symbols);
}

// Says what is being waited for while there is nothing to draw.
function draw_emptiness(symbols: readonly string[]): void {
  const empty = by_id("empty");
  const has_data = store.symbols().length > 0;
  document.documentElement.dataset.page = has_data ? (symbols.length > 0 ? "full" : "no-symbols") : snapshots > 0 ? "empty" : "loading";
  const sentence = has_data
    ? symbols.length > 0 ? "" : "No symbol is chosen. Press a badge to put it on the charts."
    : snapshots === 0
      ? link.refusal !== "" ? "" : link.state === "lost" ? "Waiting for the server." : "Loading."
      : "No bars yet. The first windows appear here as soon as the feed delivers.";
  empty.hidden = sentence === "";
  set_text(empty, sentence);
}

new Theme(by_id("theme") as HTMLButtonElement, () => {
  wall.repaint();
  draw_soon();
});
window.setInterval(draw_soon, 1000); // ages grow even when nothing comes
expose({ store, chosen, wall, link: () => link, status: () => status, snapshots: () => snapshots });
connection.dial();
