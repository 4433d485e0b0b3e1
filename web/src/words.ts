// What the column heads mean: a sentence, the formula, and the clause of the contract (contract/semantics.md).
export interface Meaning {
  readonly what: string;
  readonly formula?: string;
  readonly clause?: string; // 4.5, or 4: the section
}

export const meanings = {
  symbol: { what: "The ticker, as the feed writes it. Enter opens its chart.", clause: "2" },
  last: { what: "The close of the last bar, with every digit that came.", clause: "2" },
  change: { what: "How far the last close is from the last close of the trading day before, if the lake has it.", formula: "last − close before" },
  percent: { what: "The same in percent.", formula: "(last ÷ close before − 1) × 100" },
  move: { what: "The closes of the hour before the market's newest bar, each at its minute. Sorted by their change.", formula: "last of the hour ÷ first of the hour − 1" },
  signal: {
    what: "Whether the average close lies high or low between the lowest and the highest close of the window. Bullish above 60 %, bearish below 40 %, neutral between.",
    formula: "(average close − lowest close) ÷ (highest close − lowest close)",
    clause: "4.5",
  },
  pressure: { what: "The share of the window's bars that closed above their open.", formula: "bars that went up ÷ bars", clause: "4" },
  volatility: { what: "How far the closes of the window scatter: their sample standard deviation. One bar has none.", formula: "√( (n·Σx² − (Σx)²) ÷ (n·(n − 1)) ), x: the n closes", clause: "4.3" },
  session: { what: "The session of the New York Stock Exchange. Currency pairs always trade." },
  age: { what: "Market time since the last bar began." },
  end: { what: "The first instant after the window; it holds the bars before.", formula: "start + 5 minutes, a window begins each minute", clause: "3.1" },
  flip: { what: "A final window whose signal differs from that of the symbol's final window before it.", clause: "4.7" },
  place: { what: "Where the average close lies between the lowest and the highest close: what the signal is made of.", formula: "(average close − lowest close) ÷ (highest close − lowest close)", clause: "4.5" },
  range: { what: "The distance of the window's closes.", formula: "highest close − lowest close", clause: "4" },
  range_percent: { what: "The range in percent of the average close; the filter compares it.", formula: "range ÷ average close × 100", clause: "4" },
  bars: { what: "How many bars the window holds.", clause: "4" },
  volatility_percent: { what: "The volatility in percent of the average close, which makes symbols comparable.", formula: "volatility ÷ average close × 100", clause: "4.3" },
  volume: { what: "The average volume of the window's bars.", formula: "Σ volume ÷ bars", clause: "4" },
} as const satisfies Record<string, Meaning>;

export type Word = keyof typeof meanings;

export const clause_address = (clause: string) => `#/words/${clause}`;
