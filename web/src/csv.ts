// Saves what is shown as a file: CSV for spreadsheets.
import { element } from "./dom";
import { places_of } from "./places";
import type { TrendRow } from "./protocol";

export type Cell = string | number | boolean | null | undefined;

export function to_csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export function save_csv(name: string, text: string): void {
  save_file(`${name}.csv`, new Blob([text], { type: "text/csv" }));
}

export function save_file(name: string, contents: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(contents);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it later
}

export function csv_button(what: string, save: () => void): HTMLButtonElement {
  const button = element("button", "quiet", "CSV");
  button.type = "button";
  button.title = `${what}, as a file (e); a text that looks like a formula stands behind an apostrophe`;
  button.setAttribute("aria-keyshortcuts", "e");
  button.addEventListener("click", save);
  return button;
}

// "symbol", "BTC/USD", a time and a later one → "symbol-BTC-USD-20260302T1430Z-20260302T1530Z".
export function file_name(parts: readonly string[], ...times: readonly number[]): string {
  const written = times.map((time) => `${new Date(time * 1000).toISOString().slice(0, 16).replace(/[-:]/g, "")}Z`);
  return [...parts.filter(Boolean), ...written].join("-").replace(/[^\w.-]/g, "-");
}

const whole: readonly (keyof TrendRow)[] = ["bar_count", "revision"];
const ratios: readonly (keyof TrendRow)[] = ["avg_pct_change", "buy_pressure", "vwap_deviation_pct"];

// The cells of a window as the server writes them: with the places of this row (contract 4.2), ratios and percentages
// with four.
export function window_cells(row: TrendRow | null, names: readonly (keyof TrendRow)[]): Cell[] {
  if (!row) return names.map(() => undefined);
  const { price, volume } = places_of(row);
  return names.map((name) => {
    const value = row[name];
    if (typeof value !== "number" || whole.includes(name)) return value;
    return value.toFixed(ratios.includes(name) ? 4 : name === "avg_volume" ? volume : price);
  });
}

// Spreadsheets compute text that begins like this, which may run what a stranger wrote (io/query/csv_cell.h has the
// same rule). An apostrophe marks it as text. Numbers stay numbers.
function looks_like_a_formula(text: string): boolean {
  return /^[=+\-@\t\r\n]/.test(text) && !/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$/.test(text);
}

function cell(value: Cell): string {
  const plain = value === null || value === undefined ? "" : String(value);
  const text = looks_like_a_formula(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
