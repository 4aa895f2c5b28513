import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { MeasuredBatch } from "../../step/step.ts";
import { Totals } from "../../step/totals.ts";
import { Results } from "./results.ts";

useBackend(allowSavedTensors);

const measured = (loss: number): MeasuredBatch => ({
  numbers: tensor1d([loss]),
  size: 2,
  outputs: [],
  weighted: [],
  shapes: [],
});
const place = (step: number): string => `step ${step}`;

test("results wait until the clock that is passed in says that they should be read", async () => {
  let now = 0;
  const results = new Results({ clock: () => now, totals: new Totals(), place });
  results.add(measured(1));
  expect(results.readIsDue).toBe(true);
  now = 1;
  await results.read();
  // One in a millisecond is many in the time between two reads.
  results.add(measured(3));
  expect([results.readIsDue, results.areRead]).toEqual([false, false]);
  now = 251;
  expect(results.readIsDue).toBe(true);
  await results.read();
  expect(results.totals.logs).toEqual({ loss: 2 });
  expect(results.step).toBe(2);
});

test("the thread is left to others once it was held too long", async () => {
  let now = 0;
  const results = new Results({ clock: () => now, totals: new Totals(), place });
  expect(results.pauseIsDue).toBe(false);
  now = 50;
  expect(results.pauseIsDue).toBe(true);
  await results.pause();
  expect(results.pauseIsDue).toBe(false);
});

test("a loss that is not finite is told with its step, after those of an interrupted call", async () => {
  const results = new Results({ clock: () => 0, totals: new Totals(), done: 4, place });
  results.add(measured(1));
  results.add(measured(Number.NaN));
  results.add(measured(1));
  await expect(results.read()).rejects.toThrow("The loss became NaN in step 6.");
  results.dispose();
});

test("what nobody reads is freed", () => {
  const results = new Results({ clock: () => 0, totals: new Totals(), place });
  const batch = measured(1);
  results.add(batch);
  results.dispose();
  expect(batch.numbers.isDisposed).toBe(true);
});
