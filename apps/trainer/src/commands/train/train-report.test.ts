import { expect, test } from "vitest";
import type { TrainResult } from "../../training/train-types.ts";
import { textTrainReport } from "./train-report.ts";

const ended: TrainResult = {
  stopped: true,
  steps: 50,
  stepsPlanned: 100,
  seconds: 1,
  history: {},
  validation: { images: 36, loss: 0.5, accuracy: 0.75 },
  leftOut: [],
  run: "/runs/photos-1",
  bundle: "/runs/photos-1/model",
  historyFile: "/runs/photos-1/history.jsonl",
};
const best = { epoch: 3, loss: 0.25, accuracy: 0.875, bundle: "/runs/photos-1/checkpoints/best" };

function lines(result: TrainResult): string {
  let written = "";
  textTrainReport({ write: (text: string) => (written += text) }).onEnd(result);
  return written;
}

test("a training that was stopped names the epoch that was better", () => {
  const better =
    "Better so far was epoch 3 (accuracy 0.8750, loss 0.2500): /runs/photos-1/checkpoints/best\nContinue with";
  expect(lines({ ...ended, bestEpoch: best })).toContain(better);
  const { validation: _, ...unjudged } = ended;
  expect(lines({ ...unjudged, bestEpoch: best })).toContain(better);
});

test.for([
  ["the last weights are as good", { ...ended, bestEpoch: { ...best, loss: 0.5 } }],
  ["it was not stopped", { ...ended, stopped: false, bestEpoch: best }],
  ["no epoch was judged", ended],
] as const)("a training names no better epoch where %s", ([, result]) => {
  expect(lines(result)).toContain("Saved the model");
  expect(lines(result)).not.toContain("Better");
});
