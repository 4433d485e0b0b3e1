// Heat map: a cell for each symbol, coloured by its signal, change, volatility or volume; or the same as a table.
import { measures, type Measure } from "../address";
import { csv_button, file_name, save_csv, to_csv } from "../csv";
import { element, set_text } from "../dom";
import { integer, signed_percent } from "../format";
import { to_seconds } from "../protocol";
import { read_screen } from "../screen";
import { CellRound } from "./heat_cells";
import { HeatCanvas, value_text } from "./heat_canvas";
import { HeatLine, heat_columns, texts_of } from "./heat_line";
import { LineList } from "./line_list";
import { line_table } from "./line_table";
import type { Desk, View } from "./view";
import { make_row } from "./watch_row";

const names: Record<Measure, string> = { signal: "Signal", change: "Change", volatility: "Volatility", volume: "Volume" };
const explanations: Record<Measure, string> = {
  signal: "Signal of the newest window that the symbol's bars have filled (contract 4.5)",
  change: "Last close against the close of the trading day before, in percent",
  volatility: "Standard deviation of the window's closes (contract 4.3), in percent of their average",
  volume: "Average volume of a bar in the window",
};

export class HeatMap implements View {
  readonly needs_data = true;
  readonly root: HTMLElement;
  readonly search = element("input");
  private readonly round = new CellRound();
  private readonly canvas: HeatCanvas;
  private readonly card = element("div", "heat-card");
  private readonly count = element("span", "count");
  private readonly legend = element("p", "heat-legend hint");
  private readonly buttons = new Map<Measure, HTMLButtonElement>();
  private readonly order = toggle("By value", "Cells in the order of the measure, not of the symbols");
  private readonly table = toggle("Table", "The same as a table");
  private readonly list: LineList;
  private readonly as_table: HTMLElement;
  private readonly room: HTMLElement;

  constructor(private readonly desk: Desk) {
    this.canvas = new HeatCanvas({ open: (symbol) => this.open(symbol), pointed: (at) => this.show_card(at), resized: () => desk.draw_soon() });
    this.card.setAttribute("role", "status");
    this.card.hidden = true;
    this.room = element("div", "heat-room", this.canvas.root, this.card);
    this.list = new LineList({ height: () => 34, make: () => this.make_line(), moved: () => desk.draw_soon(), open: (index) => this.open(this.round.held.cells[index]?.symbol) });
    this.as_table = line_table("All symbols", "heat-line", heat_columns.map(([id, title, word]) => ({ id, title, word })), this.list);
    this.root = element("div", "view map-view", this.make_tools(), this.legend, this.room, this.as_table);
  }

  title(): string {
    return "Map";
  }

  opened(): void {
    const { find } = this.desk.address();
    if (this.search.value.trim() !== find) this.search.value = find;
    this.list.look();
  }

  repaint(): void {
    this.canvas.repaint();
  }

  draw(): void {
    const { find, measure, by_value, as_table } = this.desk.address();
    this.desk.previous.look(performance.now());
    const all = this.desk.store.symbols();
    const { passes, error } = read_screen(find);
    const symbols = find === "" ? all : all.filter((symbol) => passes(make_row(symbol, this.desk, null)));
    const is_over = this.round.read(symbols, measure, by_value, (symbol) => make_row(symbol, this.desk, null));
    if (!is_over) this.desk.draw_soon();
    for (const [name, button] of this.buttons) button.setAttribute("aria-pressed", String(name === measure));
    this.order.setAttribute("aria-pressed", String(by_value));
    this.table.setAttribute("aria-pressed", String(as_table));
    this.room.hidden = as_table;
    this.as_table.hidden = !as_table;
    if (!is_over) return;
    this.search.setCustomValidity(error);
    const { held } = this.round;
    set_text(this.count, symbols.length === all.length ? `${integer(all.length)} symbols` : `${integer(symbols.length)} of ${integer(all.length)} symbols`);
    this.draw_legend(measure);
    if (as_table) {
      this.as_table.setAttribute("aria-rowcount", String(held.cells.length + 1));
      this.list.draw(held.cells.length);
    } else this.canvas.draw(held, measure);
  }

  step(by: 1 | -1): void {
    if (this.desk.address().as_table) this.list.step(by);
    else this.canvas.step(by);
  }

  enter(): void {
    const { cells } = this.round.held;
    this.open(this.desk.address().as_table ? cells[Math.max(0, this.list.active)]?.symbol : this.canvas.active());
  }

  save(): void {
    const rows = this.round.held.cells.map(({ symbol }) => {
      const { trend, percent } = make_row(symbol, this.desk, null);
      return [symbol, trend?.trend_signal, percent?.toFixed(2), trend?.volatility, trend?.avg_volume, trend?.window_end];
    });
    const newest = this.desk.status()?.event_time;
    save_csv(file_name(["map", this.desk.address().find], ...(newest ? [to_seconds(newest)] : [])), to_csv(["symbol", "trend_signal", "change_pct", "volatility", "avg_volume", "window_end"], rows));
  }

  // The cells as they are drawn, for the debug hook.
  cells() {
    return { ...this.round.held, ...this.canvas.layout() };
  }

  private open(symbol: string | undefined): void {
    if (symbol) this.desk.go({ view: "symbol", symbol });
  }

  private make_line() {
    const line = new HeatLine();
    return { root: line.root, draw: (index: number) => line.draw(make_row(this.round.held.cells[index]!.symbol, this.desk, null)) };
  }

  private show_card(at: { symbol: string; x: number; y: number } | null): void {
    this.card.hidden = at === null;
    if (!at) return;
    const texts = texts_of(make_row(at.symbol, this.desk, null));
    const facts = heat_columns.slice(1).map(([id, title]) => element("div", "", element("dt", "", title), element("dd", "", texts[id]!)));
    this.card.replaceChildren(element("strong", "", at.symbol), element("dl", "facts", ...facts));
    const { clientWidth, clientHeight } = this.room;
    this.card.style.left = `${Math.max(0, Math.min(at.x + 14, clientWidth - 236))}px`;
    this.card.style.top = `${at.y + 170 > clientHeight ? Math.max(0, at.y - 165) : at.y + 14}px`;
  }

  private draw_legend(measure: Measure): void {
    const { low, high } = this.round.held;
    const written = (value: number) => value_text(value, measure);
    const ends: Record<Measure, [string, string, string][]> = {
      signal: [["bearish", "1", "▼ Bearish"], ["neutral", "0", "◆ Neutral"], ["bullish", "1", "▲ Bullish"]],
      change: [["bearish", "1", `${signed_percent(-high)} or less`], ["neutral", "0", signed_percent(0)], ["bullish", "1", `${signed_percent(high)} or more`]],
      volatility: [["neutral", "0", `${written(low)} or less`], ["neutral", "1", `${written(high)} or more`]],
      volume: [["neutral", "0", `${written(low)} or less`], ["neutral", "1", `${written(high)} or more`]],
    };
    const keys = ends[measure].map(([tone, full, text]) => {
      const key = element("i", "heat-key");
      key.style.background = this.canvas.color(tone as "neutral", Number(full), measure);
      return element("span", "", key, text);
    });
    const text = `${explanations[measure]}.`;
    this.legend.replaceChildren(...keys, element("span", "heat-words", text));
  }

  private make_tools(): HTMLElement {
    Object.assign(this.search, { type: "search", placeholder: "Symbols with", autocomplete: "off", spellcheck: false, title: "A part of a symbol, or a condition: change % > 2" });
    this.search.setAttribute("aria-label", "Only symbols with");
    this.search.addEventListener("input", () => this.desk.go({ find: this.search.value.trim() }));
    const group = element("div", "switch");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Colour by");
    for (const measure of measures) {
      const button = element("button", "", names[measure]);
      button.type = "button";
      button.title = explanations[measure];
      button.addEventListener("click", () => this.desk.go({ measure }));
      this.buttons.set(measure, button);
      group.append(button);
    }
    this.order.addEventListener("click", () => this.desk.go({ by_value: !this.desk.address().by_value }));
    this.table.addEventListener("click", () => this.desk.go({ as_table: !this.desk.address().as_table }));
    return element("div", "tools", this.search, group, this.order, this.table, this.count, csv_button("All cells", () => this.save()));
  }
}

function toggle(text: string, title: string): HTMLButtonElement {
  const button = element("button", "quiet pressable", text);
  button.type = "button";
  button.title = title;
  return button;
}
