import assert from "node:assert/strict";
import { test } from "node:test";
import { LakeHistory, parse_page, with_past } from "../src/history";
import { row } from "./rows";

const minute = (text: string) => Date.parse(`2026-11-22T${text}:00Z`) / 1000;
const bar = (time: string, close = "1.10") => `["2026-11-22T${time}:00Z",1.10,1.20,1.000000001,${close},0.50]`;
const page = (bars: string[], more_before: string | null) => `{"symbol":"AAPL","bars":[${bars.join()}],"windows":[],"more_before":${JSON.stringify(more_before)}}`;

function desk(answers: (string | Error)[]) {
  const asked: URLSearchParams[] = [];
  return {
    asked,
    replay: { is_on: () => false, time: () => null },
    draw_soon: () => {},
    ask: (path: string) => {
      asked.push(new URLSearchParams(path.split("?")[1]));
      const answer = answers.shift()!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

// The class needs of the desk only what is above.
const history_of = (of: ReturnType<typeof desk>) => new LakeHistory(of as unknown as ConstructorParameters<typeof LakeHistory>[0], "AAPL");

test("bars keep every digit, windows are rows", () => {
  const text = `{"symbol":"AAPL","bars":[${bar("10:00")}],"windows":[["2026-11-22 09:56:00","2026-11-22 10:01:00",1.1,1.1,1.1,0.5,null,1.1,0,1,1,0,0.5,"BULLISH"]],"more_before":"2026-11-22T10:00:00Z"}`;
  const { bars, rows, more_before } = parse_page(text, "AAPL");
  assert.deepEqual(bars, [{ time: minute("10:00"), open: "1.10", high: "1.20", low: "1.000000001", close: "1.10", volume: "0.50" }]);
  assert.deepEqual([rows[0]!.window_end, rows[0]!.volatility, rows[0]!.buy_pressure, rows[0]!.trend_signal, rows[0]!.status], ["2026-11-22 10:01:00", null, 1, "BULLISH", "final"]);
  assert.equal(more_before, minute("10:00"));
});

test("pages follow one another until the wanted time is reached, and a further one goes on from there", async () => {
  const of = desk([page([bar("10:02"), bar("10:03")], "2026-11-22T10:02:00Z"), page([bar("10:01")], null), page([bar("09:00")], null)]);
  const history = history_of(of);
  history.reach(minute("10:00"));
  await new Promise(setImmediate);
  assert.deepEqual(history.bars.map(({ time }) => time), ["10:01", "10:02", "10:03"].map(minute));
  history.reach(minute("10:01"));
  await new Promise(setImmediate);
  assert.deepEqual(of.asked.map((query) => [query.get("from"), query.get("to")]), [["2026-11-22T10:00:00Z", null], ["2026-11-22T10:00:00Z", "2026-11-22T10:02:00Z"]]);
  history.reach(-Infinity);
  await new Promise(setImmediate);
  assert.deepEqual([of.asked[2]!.get("from"), of.asked[2]!.get("to")], [null, "2026-11-22T10:00:00Z"]);
  assert.equal(history.bars[0]!.time, minute("09:00"));
  history.reach(-Infinity);
  assert.equal(of.asked.length, 3);
});

test("a failure is told and not asked again at once", async () => {
  const of = desk([new Error("others are asking\nso wait")]);
  const history = history_of(of);
  history.reach(-Infinity);
  await new Promise(setImmediate);
  assert.equal(history.note, "Older bars are not to be had: others are asking");
  history.reach(-Infinity);
  assert.equal(of.asked.length, 1);
});

const windows = (...rows: ReturnType<typeof row>[]) => ({ ends: rows.map(({ window_end }) => Date.parse(`${window_end.replace(" ", "T")}Z`) / 1000), rows });
const ends = ({ rows }: { rows: readonly { window_end: string }[] }) => rows.map(({ window_end }) => window_end.slice(11, 16));

test("newer windows replace older ones from their first on", () => {
  const past = windows(row({ end: "10:01" }), row({ end: "10:02", avg_close: 1 }));
  const newer = windows(row({ end: "10:02", avg_close: 2 }), row({ end: "10:03" }));
  assert.deepEqual(ends(with_past(past, newer)), ["10:01", "10:02", "10:03"]);
  assert.equal(with_past(past, newer).rows[1]!.avg_close, 2);
  assert.deepEqual(with_past(past, windows()), past);
  assert.deepEqual(with_past(windows(), newer), newer);
});

test("what the store has dropped stays, unless the stream has left windows out", () => {
  const history = history_of(desk([]));
  history.all(windows(row({ end: "10:01" }), row({ end: "10:02" })));
  assert.deepEqual(ends(history.all(windows(row({ end: "10:02" }), row({ end: "10:03" })))), ["10:01", "10:02", "10:03"]);
  assert.deepEqual(ends(history.all(windows(row({ end: "10:09" })))), ["10:09"]);
});

test("what the store drops from its own rows stays, too", () => {
  const history = history_of(desk([]));
  const stream = windows(row({ end: "10:01" }), row({ end: "10:02" }));
  history.all(stream);
  stream.ends.shift();
  stream.rows.shift();
  assert.deepEqual(ends(history.all(stream)), ["10:01", "10:02"]);
  assert.deepEqual(ends(history.all(windows())), ["10:01", "10:02"]);
});
