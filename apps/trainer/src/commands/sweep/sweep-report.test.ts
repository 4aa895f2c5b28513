import { describe, expect, test } from "vitest";
import type { SweepPlan } from "./sweep.ts";
import { ranked, type TrialRow } from "./trials/trial-row.ts";
import { Screen } from "../../testing/screen.ts";
import { textSweepReport } from "./sweep-report.ts";

const row = (trial: number, more: Partial<TrialRow> = {}): TrialRow => ({
  trial,
  values: { learningRate: trial / 100, model: "small" },
  state: "waiting",
  epochsPlanned: 2,
  run: `trial-${trial}`,
  ...more,
});
const done = (trial: number, accuracy: number): TrialRow =>
  row(trial, { state: "completed", epochs: 2, val_accuracy: accuracy, val_loss: 1, accuracy, loss: 1, seconds: 61 });
const plan = (count: number): SweepPlan => ({
  data: "photos",
  imagesAre: "images",
  trainImages: 80,
  validationImages: 20,
  classes: 2,
  method: "full",
  objective: "val_accuracy",
  seed: 1,
  options: ["learningRate", "model"],
  trials: Array.from({ length: count }, (_, index) => row(index + 1)),
  folder: "/runs/sweep-photos-1",
  resumed: false,
  dryRun: false,
});
const progress = {
  epoch: 0,
  epochs: 2,
  step: 3,
  steps: 9,
  loss: 0.5,
  metrics: { accuracy: 0.5 },
  examples: 24,
  examplesPerEpoch: 72,
  imagesPerSecond: 100,
  secondsLeft: 5,
  runSecondsLeft: 15,
  learningRate: 0.01,
  waiting: 0,
};

describe.for([200, 100, 40])("on a terminal of %i columns", (columns) => {
  test("the table is in order while trials train, with the progress below, and remains in the end", () => {
    const screen = new Screen(columns);
    const report = textSweepReport(screen);
    report.onStart?.(plan(3));
    report.onTrial?.(row(1));
    report.onProgress?.(1, progress);
    expect(lastLine(screen)).toMatch(/^Trial 1\/3, epoch 1\/2/);
    const first = [done(1, 0.5), row(2), row(3)];
    report.onResult?.(done(1, 0.5), first);
    report.onTrial?.(row(2));
    report.onProgress?.(2, progress);
    expect(screen.text).toMatch(/\ntrial .*\n1 .*\nTrial 2\/3, epoch 1\/2/);
    const second = ranked([done(1, 0.5), done(2, 0.75), row(3)], "val_accuracy");
    report.onResult?.(done(2, 0.75), second);
    report.onTrial?.(row(3));
    report.onNote?.(3, "Batch size: 8 images");
    report.onProgress?.(3, progress);
    expect(screen.text).toMatch(/\nTrial 3\/3: Batch size: 8 images\ntrial .*\n2 .*\n1 .*\nTrial 3\/3, epoch 1\/2/);
    const failed = row(3, { state: "failed", reason: "The loss became NaN." });
    const trials = [done(2, 0.75), done(1, 0.5), failed];
    report.onResult?.(failed, trials);
    report.onEnd({
      stopped: false,
      trials,
      best: { ...done(2, 0.75), model: "/runs/sweep-photos-1/trial-2/model" },
      folder: "/runs/sweep-photos-1",
      files: ["sweep.csv"],
    });
    expect(screen.text.match(/^trial /gm)).toHaveLength(1);
    expect(screen.text).not.toContain("epoch 1/2");
    expect(screen.text).toContain("Trial 3 failed: The loss became NaN.");
    expect(screen.text).toContain("Best: trial 2 (learning-rate 0.02, model small), val_accuracy 0.7500");
  });
});

test("of many trials the best are drawn again and again, and all are listed in the end", () => {
  const screen = new Screen(100);
  const report = textSweepReport(screen);
  report.onStart?.(plan(40));
  const rows = Array.from({ length: 40 }, (_, index) => done(index + 1, 1 - index / 100));
  report.onResult?.(rows[0] ?? row(1), rows);
  expect(screen.text.match(/completed/g)).toHaveLength(12);
  expect(lastLine(screen)).toBe("... and 28 more");
  report.onEnd({ stopped: true, trials: rows, best: null, folder: "/runs/my sweep", files: ["sweep.csv"] });
  expect(screen.text.match(/completed/g)).toHaveLength(40);
  expect(lastLine(screen)).toBe("Continue with: featuremap sweep --resume '/runs/my sweep'");
});

function lastLine({ text }: Screen): string {
  return text.split("\n").at(-1) ?? "";
}
