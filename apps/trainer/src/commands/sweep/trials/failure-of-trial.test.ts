import { DeviceLostError, FormatError, InvalidConfigError, NonFiniteError, UnavailableError } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { explainEnd, failureOfTrial } from "./failure-of-trial.ts";

const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });

test("of what a trial brought about the first message is told, without advice for a single training", () => {
  const first = new NonFiniteError("The loss became NaN in epoch 1.");
  expect(failureOfTrial(new NonFiniteError("The loss became NaN in epoch 1. Train anew.", { cause: first }))).toBe(
    "The loss became NaN in epoch 1.",
  );
  const lost = new DeviceLostError("The device is lost", "Remove the backend and register it again.");
  expect(failureOfTrial(new DeviceLostError(lost.what, "Run it again.", { cause: lost }))).toBe("The device is lost");
  expect(failureOfTrial(new InvalidConfigError("train", "--loss", "another", 1))).toContain("--loss must be another");
  const none = new UnavailableError("No learning rate was found: the loss never fell", "Give one.");
  expect(failureOfTrial(none)).toContain("No learning rate was found");
  expect(failureOfTrial(new UnavailableError(none.message, "Go on.", { cause: none }))).toBe(none.message);
});

test.for([
  [new UnavailableError("Cannot write", "Make room.", { cause: full })],
  [new UnavailableError("a.png is damaged", "Remove it.", { cause: new FormatError("a.png", "it", "whole", "torn") })],
  [new TypeError("a mistake of ours")],
  ["no error"],
])("%s would come again in every trial", ([error]) => {
  expect(failureOfTrial(error)).toBeUndefined();
});

test("what ends a sweep says how to go on with it", () => {
  const first = new UnavailableError("Cannot write", "Make room.", { cause: full });
  const advised = new UnavailableError(first.message, "featuremap train --resume x", { cause: first });
  const explained = explainEnd(advised, "/somewhere/sweep-1");
  expect(explained).toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringMatching(/^Cannot write.*Make room\./),
  });
  expect((explained as Error).message).toMatch(/featuremap sweep --resume \S+sweep-1/);
  expect((explained as Error).message).not.toContain("train");
  const other = new TypeError("a mistake of ours");
  expect(explainEnd(other, "/somewhere")).toBe(other);
});
