import type { EvaluationProgress } from "@featuremap/training";
import { expect, test } from "vitest";
import { evaluationProgress } from "./evaluation-progress.ts";

test("tells a few times a second, and at the end, what training tells of an evaluation", () => {
  let now = 0;
  const told: EvaluationProgress[] = [];
  const hear = evaluationProgress(
    100,
    30,
    (progress) => told.push(progress),
    () => now,
  );
  const after = (done: number, milliseconds: number): void => {
    now = milliseconds;
    hear({ done, images: done, loss: done / 2, right: done / 4, waited: milliseconds / 2 });
  };
  after(30, 100);
  after(60, 250);
  after(90, 300);
  after(100, 400);
  const common = { steps: 4, loss: 0.5, metrics: { accuracy: 0.25 }, waiting: 0.5 };
  expect(told).toEqual([
    { ...common, step: 2, imagesPerSecond: 240, secondsLeft: expect.closeTo(1 / 6) },
    { ...common, step: 4, imagesPerSecond: 250, secondsLeft: 0 },
  ]);
});
