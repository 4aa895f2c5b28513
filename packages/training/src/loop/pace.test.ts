import { expect, test } from "vitest";
import { giveWay } from "./give-way.ts";
import { Pace } from "./pace.ts";

/** Simulates a device that needs `stepTime` ms a step while asking for a step takes no time: when reads happen. */
function readTimes(stepTime: number, until: number): number[] {
  const pace = new Pace(0);
  const times: number[] = [];
  let [now, waiting] = [0, 0];
  while (now < until) {
    waiting += 1;
    if (!pace.readIsDue(waiting, now)) continue;
    now += waiting * stepTime;
    times.push(now);
    pace.hasRead(waiting, now);
    waiting = 0;
  }
  return times;
}

test.for([0.6, 3, 40, 200])("a device of %d ms a step is read about four times a second", (stepTime) => {
  const times = readTimes(stepTime, 10_000);
  const gaps = times.slice(3).map((time, index) => time - (times[index + 2] ?? 0));
  for (const gap of gaps) {
    expect(gap).toBeGreaterThanOrEqual(190);
    expect(gap).toBeLessThanOrEqual(310);
  }
});

test("a device slower than a read interval is read after each step", () => {
  expect(readTimes(1000, 5000)).toEqual([1000, 2000, 3000, 4000, 5000]);
});

test("the loop pauses when it has held its thread for 50 ms", () => {
  const pace = new Pace(0);
  expect([pace.pauseIsDue(49), pace.pauseIsDue(50)]).toEqual([false, true]);
  pace.paused(50);
  expect(pace.pauseIsDue(99)).toBe(false);
});

test("giving way lets timers run", async () => {
  const timer = AbortSignal.timeout(0);
  for (let turn = 0; turn < 100_000 && !timer.aborted; turn++) await giveWay();
  expect(timer.aborted).toBe(true);
});
