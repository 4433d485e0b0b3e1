// The symbols on the charts of the compare view: those of the URL, or the first few available.
import { most_series } from "./charts/ink";
import type { Desk } from "./views/view";

const default_symbols = 5;

export function chosen_symbols({ address, store }: Pick<Desk, "address" | "store">): readonly string[] {
  return (address().symbols ?? store.symbols().slice(0, default_symbols)).slice(0, most_series);
}
