import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, type Link } from "../src/connection";
import { age_text, freshness_of } from "../src/freshness";
import { status } from "./rows";

const now = Date.parse("2026-11-22T10:06:20Z"); // the newest minute, 10:05, is over for 20 seconds
const open: Link = { state: "open", retry_at: 0, heard_at: now - 500, refusal: "" };
const feed = (state: "live" | "connecting" | "idle" | "ended" | "down", speed = 1) => ({ name: "f", state, detail: "", speed });
const market = { feed: feed("live") };
const sped = { feed: feed("live", 60) };

test("only fresh numbers of a live feed are called live", () => {
  const cases = [
    { when: "all is well", link: open, heard: status(market), tone: "live", grey: false },
    { when: "an hour passes in a minute", link: open, heard: status(sped), tone: "running", grey: false },
    { when: "the newest bar is four minutes late", link: open, heard: status({ ...market, event_time: "2026-11-22T10:01:00Z" }), tone: "stale", grey: false },
    { when: "it is sixteen minutes late", link: open, heard: status({ ...market, event_time: "2026-11-22T09:49:00Z" }), tone: "stale", grey: true },
    { when: "it is of last month", link: open, heard: status({ ...market, event_time: "2026-10-22T10:05:00Z" }), tone: "stale", grey: true },
    { when: "by its plan it is fifteen minutes late", link: open, heard: status({ feed: { ...feed("live"), detail: "5 symbols of SIP, fifteen minutes late" }, event_time: "2026-11-22T09:50:00Z" }), tone: "live", grey: false },
    { when: "nothing was heard yet", link: { ...open, heard_at: 0 }, heard: null, tone: "waiting", grey: false },
    { when: "no bar has come yet", link: open, heard: status({ last_bar_age_seconds: null }), tone: "waiting", grey: false },
    { when: "bars are missing at 60 times", link: open, heard: status({ ...sped, last_bar_age_seconds: 11 }), tone: "stale", grey: true },
    { when: "a real minute passes between bars", link: open, heard: status({ feed: feed("live", 1), last_bar_age_seconds: 70 }), tone: "live", grey: false },
    { when: "three real minutes without a bar", link: open, heard: status({ feed: feed("live", 1), last_bar_age_seconds: 181 }), tone: "stale", grey: true },
    { when: "the server is silent", link: { ...open, heard_at: now - 5_000 }, heard: status(), tone: "stale", grey: true },
    { when: "the server is gone", link: { ...open, state: "lost" }, heard: status(), tone: "lost", grey: true },
    { when: "the server was never there", link: { state: "lost", retry_at: 0, heard_at: 0, refusal: "" }, heard: null, tone: "lost", grey: false },
    { when: "the token was revoked", link: { ...open, state: "lost", refusal: "the token was revoked" }, heard: status(), tone: "lost", grey: true },
    { when: "dialing again", link: { ...open, state: "dialing" }, heard: status(), tone: "lost", grey: true },
    { when: "the feed is down", link: open, heard: status({ feed: feed("down") }), tone: "lost", grey: true },
    { when: "the market sleeps", link: open, heard: status({ feed: feed("idle"), last_bar_age_seconds: 3600 }), tone: "waiting", grey: true },
    { when: "a replay is over", link: open, heard: status({ feed: feed("ended"), last_bar_age_seconds: 3600 }), tone: "ended", grey: false },
  ] as const;
  for (const { when, link, heard, tone, grey } of cases) {
    const freshness = freshness_of(link, heard, now);
    assert.deepEqual({ tone: freshness.tone, grey: freshness.grey }, { tone, grey }, when);
  }
});

test("a simulator and a recording run, and are never called live, whatever their clock says", () => {
  for (const kind of ["simulated", "file"] as const) assert.equal(freshness_of(open, status(market), now, kind).word, "Running", kind);
  assert.equal(freshness_of(open, status(market), now, "input").word, "Live");
  const old = freshness_of(open, status({ ...market, event_time: "2013-10-07T10:05:00Z" }), now, "input");
  assert.deepEqual([old.word, old.tone], ["Running", "running"]);
});

test("a live source that falls behind says by how much, and of when its newest bar is", () => {
  const behind = freshness_of(open, status({ ...market, event_time: "2026-11-22T09:58:00Z" }), now);
  assert.deepEqual([behind.word, behind.sentence], ["Behind 7 min", "The newest bar is of 22 Nov 2026 09:58 UTC, 7 min behind the clock."]);
});

test("who is not let in is told why, and what to do, while the page goes on trying", () => {
  for (const state of ["lost", "dialing"] as const) {
    const freshness = freshness_of({ ...open, state, refusal: "the token has expired" }, status(), now);
    assert.equal(freshness.word, "Access refused");
    assert.match(freshness.sentence, /the token has expired\. Open this page once as \/\?token=/);
  }
});

test("the age of the last bar goes on while the server is silent", () => {
  const freshness = freshness_of({ ...open, heard_at: now - 3_900 }, status({ ...sped, last_bar_age_seconds: 7 }), now);
  assert.equal(freshness.tone, "stale"); // 7 s + 3.9 s > 10 s
});

test("ages are said as people say them", () => {
  assert.deepEqual([0, 99, 100, 5999, 6000, 172_800].map(age_text), ["0 s", "99 s", "1 min", "99 min", "1 h 40 min", "2 d"]);
});

test("the wait between dials doubles up to eight seconds and is spread by chance", () => {
  assert.deepEqual([0, 1, 2, 20].map((failures) => backoff(failures, 1)), [250, 500, 1000, 8000]);
  assert.deepEqual([0, 20].map((failures) => backoff(failures, 0)), [125, 4000]);
});
