// The crosshair shared by all charts: the index on the common time axis under the pointer, or null for "now".
import uPlot from "uplot";

type Listener = (index: number | null) => void;

export class Crosshair {
  readonly sync = uPlot.sync("tidemark");
  private index: number | null = null;
  private readonly listeners: Listener[] = [];

  at(): number | null {
    return this.index;
  }

  move(index: number | null): void {
    if (index === this.index) return;
    this.index = index;
    for (const listen of this.listeners) listen(index);
  }

  on_move(listener: Listener): void {
    this.listeners.push(listener);
  }
}
