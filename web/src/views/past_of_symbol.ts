// The history of one symbol that the page does not have yet: the newest bars from the server's memory, older bars and
// their windows from the lake.
import { LakeHistory } from "../history";
import { quote_bars, type BarTuple } from "../protocol";
import type { Desk } from "./view";

export class PastOfSymbol {
  lake: LakeHistory;
  is_answered = false; // the server's memory has answered
  private symbol = "";
  private epoch = "";

  constructor(private readonly desk: Desk) {
    this.lake = new LakeHistory(desk, "");
  }

  // Starts with another symbol, or again with the same one.
  async begin(symbol: string): Promise<void> {
    const { epoch } = this.desk.store; // after a replay went back, the lake's answer would be in the future
    const is_first = symbol === this.symbol && this.epoch === ""; // it began before the first snapshot came
    if (is_first) this.epoch = epoch;
    if (symbol !== this.symbol || epoch !== this.epoch) {
      this.lake.leave();
      Object.assign(this, { symbol, epoch, is_answered: false, lake: new LakeHistory(this.desk, symbol) });
    }
    try {
      const text = await this.desk.ask(`${this.desk.replay.base()}/bars?symbol=${encodeURIComponent(symbol)}`);
      const { bars } = JSON.parse(quote_bars(text)) as { bars: BarTuple[] };
      this.desk.bars.add_past(symbol, bars);
      if (symbol === this.symbol) this.is_answered = true;
    } catch {
      // The live stream brings the new ones.
    }
    this.desk.draw_soon();
  }

  // Asks the lake if what is held does not begin before `from`; -Infinity: as far back as possible.
  reach(from: number, held_from: number): void {
    if (from < held_from) this.lake.reach(from);
  }
}
