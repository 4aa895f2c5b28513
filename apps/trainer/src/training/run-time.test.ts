import { expect, test } from "vitest";
import { RunTime } from "./run-time.ts";

const progress = (epoch: number, step: number, secondsLeft: number, epochs = 3) => ({
  epoch,
  epochs,
  step,
  steps: 10,
  secondsLeft,
});

test("of a run that has just begun it is the epochs' steps, and later what follows them too", () => {
  const time = new RunTime();
  time.begin(0);
  expect(time.left(progress(0, 1, 9), 1000)).toBe(9 + 10 + 10);
  expect(time.left(progress(0, 10, 0), 10_000)).toBe(20);
  time.endEpoch(14_000);
  expect(time.left(progress(1, 1, 9), 15_000)).toBe(9 + 4 + 10 + 4);
  expect(time.left(progress(2, 8, 2), 36_000)).toBe(2 + 4);
});

test("an epoch that goes on in its midst tells how long a whole one takes", () => {
  const time = new RunTime();
  time.begin(0);
  expect(time.left(progress(1, 8, 2), 1000)).toBe(2 + 10);
});

test("is never more than the time that was given, nor less than none", () => {
  const time = new RunTime(12);
  time.begin(5000);
  expect(time.left(progress(0, 1, 9), 7000)).toBe(10);
  expect(time.left(progress(0, 2, 8), 30_000)).toBe(0);
});

test("epochs of all layers take longer than those of the last one, by what it took the others to see each picture", () => {
  const time = new RunTime(undefined, 2);
  time.begin(0);
  time.beginEpoch(0);
  // Features took 20 s.
  expect(time.left(progress(0, 5, 1, 5), 21_000)).toBe(1 + 2 + 3 * 60);
  time.endEpoch(22_000);
  time.beginEpoch(22_000);
  expect(time.left(progress(1, 5, 1, 5), 23_000)).toBe(1 + 1 + 3 * (60 + 1));
  time.endEpoch(24_000);
  time.beginEpoch(24_000);
  expect(time.left(progress(2, 5, 25, 5), 49_000)).toBe(25 + 1 + 2 * (50 + 1));
});
