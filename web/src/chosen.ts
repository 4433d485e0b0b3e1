// The symbols on the charts of compare: those of the address, or the first few of those there are.
import { most_series } from "./charts/ink";
import type { Desk } from "./views/view";

const default_symbols = 5;

export function chosen_symbols({ address, store }: Pick<Desk, "address" | "store">): readonly string[] {
  return (address().symbols ?? store.symbols().slice(0, default_symbols)).slice(0, most_series);
}
