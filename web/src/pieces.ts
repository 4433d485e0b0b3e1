// A long message in pieces that are JSON of their own, so that the reading of it can pause.
//
//     {"type":"snapshot",…,"trends":[ROW,ROW,ROW],"bars":[BAR,BAR],"status":STATUS}
//
//     {"type":"snapshot",…,"trends":[ROW,ROW]}   {"trends":[ROW],"bars":[BAR]}   {"bars":[BAR],"status":STATUS}
//
// It is cut between two rows or two bars. What stands there stands in no string, as a quote in one has a backslash before it.
const piece_length = 64_000; // characters at least: some 170 rows, a millisecond

const cuts = [
  { between: '},{"symbol":', reopened: '{"trends":[' },
  { between: '],["', reopened: '{"bars":[' }, // behind all rows
];

export function* pieces(text: string): Generator<string, void> {
  let opening = "";
  let from = 0;
  for (const { between, reopened } of cuts) {
    for (let at; (at = text.indexOf(between, from + piece_length)) >= 0; from = at + 2) {
      yield `${opening}${text.slice(from, at + 1)}]}`;
      opening = reopened;
    }
  }
  yield opening + text.slice(from);
}
