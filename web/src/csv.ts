// What is seen, as a file: CSV as spreadsheets read it.
import { element } from "./dom";
import type { TrendRow } from "./protocol";

export type Cell = string | number | boolean | null | undefined;

export function to_csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export function save_csv(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = `${name}.csv`;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it a while later
}

export function csv_button(what: string, save: () => void): HTMLButtonElement {
  const button = element("button", "quiet", "CSV");
  button.type = "button";
  button.title = `${what}, as a file (e)`;
  button.setAttribute("aria-keyshortcuts", "e");
  button.addEventListener("click", save);
  return button;
}

// "symbol", "BTC/USD", a time and a later one → "symbol-BTC-USD-20260302T1430Z-20260302T1530Z".
export function file_name(parts: readonly string[], ...times: readonly number[]): string {
  const written = times.map((time) => `${new Date(time * 1000).toISOString().slice(0, 16).replace(/[-:]/g, "")}Z`);
  return [...parts.filter(Boolean), ...written].join("-").replace(/[^\w.-]/g, "-");
}

const whole: readonly (keyof TrendRow)[] = ["avg_volume", "bar_count", "revision"];

// Of a window, each as the server writes it: the others have four places.
export function window_cells(row: TrendRow | null, names: readonly (keyof TrendRow)[]): Cell[] {
  return names.map((name) => {
    const value = row?.[name];
    return typeof value === "number" && !whole.includes(name) ? value.toFixed(4) : value;
  });
}

function cell(value: Cell): string {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
