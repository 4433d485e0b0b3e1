// Runs the cases one by one and prints one sentence for each.
import { accessSync, constants, existsSync } from "node:fs";
import { open_browser } from "./browser.js";
import { cases as access } from "./cases/access.js";
import { cases as axis } from "./cases/axis.js";
import { cases as chart } from "./cases/chart.js";
import { cases as charts } from "./cases/charts.js";
import { cases as console_ } from "./cases/console.js";
import { cases as files } from "./cases/files.js";
import { cases as frame } from "./cases/frame.js";
import { cases as habits } from "./cases/habits.js";
import { cases as heat_map } from "./cases/heat_map.js";
import { cases as health } from "./cases/health.js";
import { cases as looks } from "./cases/looks.js";
import { cases as palette } from "./cases/palette.js";
import { cases as places } from "./cases/places.js";
import { cases as recovery } from "./cases/recovery.js";
import { cases as replay } from "./cases/replay.js";
import { cases as signals } from "./cases/signals.js";
import { cases as source } from "./cases/source.js";
import { cases as symbol } from "./cases/symbol.js";
import { cases as trust } from "./cases/trust.js";
import { cases as walk } from "./cases/walk.js";
import { cases as watch } from "./cases/watch.js";
import { cases as words } from "./cases/words.js";
import { end_all_servers } from "./server.js";

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const word = process.argv[2] ?? "";
const names = (process.env.TEST_CASES ?? "").split("\n").filter((name) => name); // set by test/run to repeat only these
delete process.env.TEST_CASES; // not for the program under test
const is_chosen = ({ name }) => (names.length > 0 ? names.includes(name) : name.includes(word));
const chosen = [...watch, ...symbol, ...chart, ...axis, ...source, ...trust, ...charts, ...places, ...signals, ...heat_map, ...words, ...palette, ...walk, ...health, ...console_, ...files, ...replay, ...frame, ...recovery, ...access, ...habits, ...looks].filter(is_chosen);

const missing = why_not();
if (missing) {
  for (const { name } of chosen) console.log(`skip - ${name}: ${missing}`);
  process.exit(0);
}

const browser = await open_browser(chromium);
let failed = 0;
for (const { name, check } of chosen) {
  try {
    const reason = await check(browser); // a case that cannot be tried here says why
    console.log(reason ? `skip - ${name}: ${reason}` : `ok - ${name}`);
  } catch (error) {
    failed++;
    console.log(error.stack ?? String(error));
    if (error.cause) console.log(error.cause);
    console.log(`not ok - ${name}`);
  } finally {
    await browser.close_pages();
    await end_all_servers();
  }
}
await browser.close();
process.exit(failed > 0 ? 1 : 0);

function why_not() {
  if (!existsSync(chromium)) return `there is no ${chromium}`;
  try {
    accessSync(process.env.TIDEMARK ?? "", constants.X_OK);
  } catch {
    return "TIDEMARK does not name the program";
  }
  return "";
}
