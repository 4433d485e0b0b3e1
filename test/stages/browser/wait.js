// Waits with a deadline. The deadline is generous: it tells a broken program from a slow machine, and measures nothing.
import { setTimeout as sleep } from "node:timers/promises";

export const patience = 180; // seconds

export async function wait_for(what, check, seconds = patience) {
  const deadline = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < deadline) {
    last = await check();
    if (last) return last;
    await sleep(50);
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`);
}
