import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, type Link } from "../src/connection";
import { age_text, freshness_of } from "../src/freshness";
import { status } from "./rows";

const now = 1_000_000;
const open: Link = { state: "open", retry_at: 0, heard_at: now - 500, refusal: "" };
const feed = (state: "live" | "connecting" | "idle" | "ended" | "down", speed = 60) => ({ name: "f", state, detail: "", speed });

test("only fresh numbers of a live feed are called live", () => {
  const cases = [
    { when: "all is well", link: open, heard: status(), tone: "live", grey: false },
    { when: "nothing was heard yet", link: { ...open, heard_at: 0 }, heard: null, tone: "waiting", grey: false },
    { when: "no bar has come yet", link: open, heard: status({ last_bar_age_seconds: null }), tone: "waiting", grey: false },
    { when: "bars are missing at 60 times", link: open, heard: status({ last_bar_age_seconds: 11 }), tone: "stale", grey: true },
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

test("who is not let in is told why, and what to do, while the page goes on trying", () => {
  for (const state of ["lost", "dialing"] as const) {
    const freshness = freshness_of({ ...open, state, refusal: "the token has expired" }, status(), now);
    assert.equal(freshness.word, "Access refused");
    assert.match(freshness.sentence, /the token has expired\. Open this page once as \/\?token=/);
  }
});

test("the age of the last bar goes on while the server is silent", () => {
  const freshness = freshness_of({ ...open, heard_at: now - 3_900 }, status({ last_bar_age_seconds: 7 }), now);
  assert.equal(freshness.tone, "stale"); // 7 s + 3.9 s > 10 s
});

test("ages are said as people say them", () => {
  assert.deepEqual([0, 99, 100, 5999, 6000, 172_800].map(age_text), ["0 s", "99 s", "1 min", "99 min", "1 h 40 min", "2 d"]);
});

test("the wait between dials doubles up to eight seconds and is spread by chance", () => {
  assert.deepEqual([0, 1, 2, 20].map((failures) => backoff(failures, 1)), [250, 500, 1000, 8000]);
  assert.deepEqual([0, 20].map((failures) => backoff(failures, 0)), [125, 4000]);
});
