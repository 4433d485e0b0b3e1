// Bars for the tests, on Monday 2 March 2026 (UTC).
export function bar(symbol, time, close, change = {}) {
  return {
    symbol,
    timestamp: `2026-03-02T${time}:00Z`,
    open: close,
    high: Math.max(close, change.open ?? close),
    low: Math.min(close, change.open ?? close),
    close,
    volume: 1000,
    vwap: close,
    ...change,
  };
}

// Adds minutes to a time like "14:30".
export function plus(time, minutes) {
  const [hour, minute] = time.split(":").map(Number);
  const sum = hour * 60 + minute + minutes;
  return `${String(Math.floor(sum / 60)).padStart(2, "0")}:${String(sum % 60).padStart(2, "0")}`;
}

export const at = (time) => Date.parse(`2026-03-02T${time}:00Z`) / 1000;
