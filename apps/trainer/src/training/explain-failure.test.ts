import { mkdir, writeFile } from "node:fs/promises";
import {
  DeviceLostError,
  FormatError,
  InvalidConfigError,
  NonFiniteError,
  OutOfMemoryError,
  UnavailableError,
} from "@featuremap/tensor";
import { beforeAll, expect, test } from "vitest";
import { runPaths } from "../run/run-paths.ts";
import { temporaryFolder } from "../testing/saved-model.ts";
import { explainFailure } from "./explain-failure.ts";

const folder = temporaryFolder();
const learning = { learningRate: 0.003 };
const explained = (error: unknown, run: string): unknown => explainFailure(error, runPaths(folder.path(run)), learning);

beforeAll(async () => {
  for (const path of ["saved/checkpoints/last", "saved/checkpoints/best"])
    await mkdir(folder.path(path), { recursive: true });
  await writeFile(folder.path("saved/checkpoints/last/backup.safetensors"), "");
});

test("a loss that is not a number: a lower rate, from the best epoch where there is one, and not the same again", () => {
  const error = new NonFiniteError("The loss became NaN in epoch 2 of 3, step 4 of 9.");
  const fresh = explained(error, "fresh");
  expect(fresh).toMatchObject({ code: "NON_FINITE", cause: error });
  expect(String(fresh)).toMatch(
    /step 4 of 9\. Most often the learning rate is too high: train again with --learning-rate 0\.0003 instead of 0\.003\. --resume would/,
  );
  expect(String(explained(error, "saved"))).toMatch(
    /, from the best epoch so far with --model \S*saved --learning-rate 0\.0003\./,
  );
});

test("what the system refuses: where to go on", () => {
  const error = new UnavailableError("Cannot write x: no space is left on the disk", "Make room there.");
  expect(explained(error, "fresh")).toBe(error);
  const told = explained(error, "saved");
  expect(told).toMatchObject({ code: error.code, cause: error });
  expect(String(told)).toContain(
    "Make room there. Then resume from the last checkpoint with: featuremap train --resume ",
  );
});

test("a device that is lost: where to go on, and with which option, but not what a program could do", () => {
  const error = new DeviceLostError("The worker died", "Remove the backend and register it again.");
  expect(String(explained(error, "fresh"))).toMatch(/The worker died\. Run it again, or with another --device: /);
  const told = explained(error, "saved");
  expect(told).toMatchObject({ code: "DEVICE_LOST", cause: error });
  expect(String(told)).toMatch(
    /died\. Resume from the last checkpoint, with another --device if it happens again: featuremap train --resume \S*saved$/,
  );
});

test("too many files that are not pictures: to remove them", () => {
  const error = new FormatError("ImageFiles", "the files", "pictures", "9 of 19 that are not: a.png");
  expect(String(explained(error, "saved"))).toMatch(/not: a\.png\. Remove these files, or put whole pictures/);
  const other = new FormatError("model.json", "the file", "JSON", "text");
  expect(explained(other, "saved")).toBe(other);
});

test("too little memory: by which options less is used; other errors stay what they are", () => {
  const error = new OutOfMemoryError("A batch of 64 does not fit", 8, 4, "Take a smaller batchSize.");
  const told = explained(error, "saved");
  expect(told).toMatchObject({ code: "OUT_OF_MEMORY", bytesWanted: 8, bytesInUse: 4 });
  expect(String(told)).toContain("Take a smaller batchSize. That is --batch-size");
  for (const other of [new InvalidConfigError("a", "b", "c", 1), new TypeError("x"), "text"]) {
    expect(explained(other, "saved")).toBe(other);
  }
});
