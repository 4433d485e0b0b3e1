// The canvas of the heat map: draws the cells in a grid, and tells which one the pointer or the arrow keys are on.
import type { Measure } from "../address";
import { element } from "../dom";
import { compact, share, signed_percent } from "../format";
import { grid_of, strength, type Cell, type Cells } from "./heat_cells";

const steps = 16; // strengths of a colour
const palest = 0.1; // opacity
const fullest = 0.62;
const named_from = 34; // pixels of width; smaller cells have no text
const font = '600 10.5px Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const variables: Record<Cell["tone"], string> = { bullish: "--bullish", bearish: "--bearish", neutral: "--ink-3", none: "--ink-3" };

interface Actions {
  open: (symbol: string) => void;
  pointed: (at: { symbol: string; x: number; y: number } | null) => void;
  resized: () => void;
}

export class HeatCanvas {
  readonly root = element("div", "heat-canvas");
  private readonly canvas = element("canvas");
  private palette = new Map<string, string>();
  private ink = "";
  private accent = "";
  private size = { width: 0, height: 0 };
  private shown: Cells = { cells: [], low: 0, high: 0 };
  private measure: Measure = "signal";
  private at = -1; // the cell of the keys

  constructor(private readonly actions: Actions) {
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "application");
    this.root.setAttribute("aria-roledescription", "heat map");
    this.root.setAttribute("aria-label", "Heat map of all symbols. Arrow keys move, Enter opens the symbol; the button Table shows the same as a table.");
    this.canvas.setAttribute("aria-hidden", "true");
    this.root.append(this.canvas);
    this.canvas.addEventListener("pointermove", (event) => this.point(this.index_at(event.offsetX, event.offsetY)));
    this.canvas.addEventListener("pointerleave", () => this.actions.pointed(null));
    this.canvas.addEventListener("click", (event) => this.open(this.index_at(event.offsetX, event.offsetY)));
    this.root.addEventListener("keydown", (event) => this.on_key(event));
    this.root.addEventListener("blur", () => this.actions.pointed(null));
    new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      this.size = { width, height };
      this.actions.resized();
    }).observe(this.root);
  }

  repaint(): void {
    this.palette.clear();
    this.draw(this.shown, this.measure);
  }

  active(): string | undefined {
    return this.shown.cells[Math.max(0, this.at)]?.symbol;
  }

  step(by: number): void {
    this.move_to(this.at < 0 ? 0 : this.at + by);
  }

  layout() {
    return { ...this.size, ...this.grid() };
  }

  // With the strength from 0 to 1.
  color(tone: Cell["tone"], full: number, measure: Measure): string {
    if (this.palette.size === 0) this.mix();
    const name = measure === "volatility" || measure === "volume" ? "accent" : tone;
    return this.palette.get(`${name} ${measure === "signal" && tone === "neutral" ? 4 : Math.round(full * steps)}`) ?? "transparent";
  }

  draw(shown: Cells, measure: Measure): void {
    this.shown = shown;
    this.measure = measure;
    const { width, height } = this.size;
    const context = this.canvas.getContext("2d");
    if (!context || width === 0 || height === 0) return;
    const ratio = devicePixelRatio;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.fill(context);
    this.name(context);
    if (this.at >= 0 && document.activeElement === this.root) this.frame(context, this.at);
  }

  private fill(context: CanvasRenderingContext2D): void {
    const gap = this.box(0).width > 6 ? 1 : 0;
    this.shown.cells.forEach((cell, i) => {
      const { x, y, width, height } = this.box(i);
      context.fillStyle = cell.tone === "none" ? this.color("none", 0, "signal") : this.color(cell.tone, this.measure === "signal" ? 1 : strength(cell, this.shown, this.measure), this.measure);
      context.fillRect(x, y, width - gap, height - gap);
    });
  }

  private name(context: CanvasRenderingContext2D): void {
    const { width, height } = this.box(0);
    if (width < named_from || height < 14) return;
    Object.assign(context, { font, fillStyle: this.ink, textAlign: "center", textBaseline: "middle" });
    const letters = Math.floor((width - 4) / 7);
    const has_values = this.measure !== "signal" && height >= 36 && width >= 56;
    this.shown.cells.forEach(({ symbol, value }, i) => {
      const { x, y } = this.box(i);
      const middle = y + height / 2;
      context.fillText(symbol.length > letters ? `${symbol.slice(0, Math.max(1, letters - 1))}…` : symbol, x + width / 2, has_values ? middle - 7 : middle);
      if (has_values && value !== null) context.fillText(value_text(value, this.measure), x + width / 2, middle + 8);
    });
  }

  private frame(context: CanvasRenderingContext2D, index: number): void {
    const { x, y, width, height } = this.box(index);
    Object.assign(context, { strokeStyle: this.ink, lineWidth: 2 });
    context.strokeRect(x, y, Math.max(3, width - 1), Math.max(3, height - 1));
  }

  private mix(): void {
    const style = getComputedStyle(document.documentElement);
    this.ink = style.getPropertyValue("--ink").trim();
    this.accent = style.getPropertyValue("--accent").trim();
    for (let step = 0; step <= steps; step++) {
      const opacity = Math.round(255 * (palest + (fullest - palest) * (step / steps))).toString(16).padStart(2, "0");
      for (const [tone, name] of Object.entries(variables)) this.palette.set(`${tone} ${step}`, `${style.getPropertyValue(name).trim()}${opacity}`);
      this.palette.set(`accent ${step}`, `${this.accent}${opacity}`);
    }
  }

  private grid() {
    return grid_of(this.shown.cells.length, this.size.width, this.size.height);
  }

  private box(index: number): { x: number; y: number; width: number; height: number } {
    const { columns, rows } = this.grid();
    const [width, height] = [this.size.width / columns, this.size.height / rows];
    return { x: (index % columns) * width, y: Math.floor(index / columns) * height, width, height };
  }

  private index_at(x: number, y: number): number {
    const { columns } = this.grid();
    const { width, height } = this.box(0);
    const column = Math.min(columns - 1, Math.max(0, Math.floor(x / width)));
    const index = Math.floor(y / height) * columns + column;
    return index < this.shown.cells.length ? index : -1;
  }

  private point(index: number): void {
    const cell = this.shown.cells[index];
    if (!cell) return this.actions.pointed(null);
    const { x, y, width, height } = this.box(index);
    this.actions.pointed({ symbol: cell.symbol, x: x + width, y: y + height });
  }

  private open(index: number): void {
    const cell = this.shown.cells[index];
    if (cell) this.actions.open(cell.symbol);
  }

  private move_to(index: number): void {
    this.at = Math.min(this.shown.cells.length - 1, Math.max(0, index));
    this.point(this.at);
    this.draw(this.shown, this.measure);
  }

  private on_key(event: KeyboardEvent): void {
    const { columns } = this.grid();
    const at = Math.max(0, this.at);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns, ArrowUp: at - columns, Home: 0, End: this.shown.cells.length - 1 }[event.key];
    if (to === undefined && event.key !== "Escape") return;
    event.preventDefault();
    if (to === undefined) this.actions.pointed(null);
    else this.move_to(this.at < 0 && event.key.startsWith("Arrow") ? 0 : to);
  }
}

// A value as the map and its legend write it.
export function value_text(value: number, measure: Measure): string {
  return measure === "volume" ? compact(value) : measure === "volatility" ? share(value / 100) : signed_percent(value);
}
