import { expect, test } from "vitest";
import { type OutputReading, crossentropy, readProbabilities } from "./probabilities.ts";

const read = (outputs: readonly number[], reading: OutputReading): Float64Array => {
  const row = new Float64Array(reading.classes);
  readProbabilities(Float32Array.from(outputs), reading, row);
  return row;
};

test("a cross-entropy has no bound that the outputs do not set", () => {
  const pair = { classes: 2, isOwn: false };
  const logits: OutputReading = { ...pair, meaning: "logits", units: 2 };
  expect(crossentropy(read([300, 0], logits), 1, logits)).toBeCloseTo(300, 9);
  expect(crossentropy(read([300, 0], logits), 0, logits)).toBe(0);

  const logit: OutputReading = { ...pair, meaning: "logits", units: 1 };
  expect(crossentropy(read([300], logit), 0, logit)).toBeCloseTo(300, 9);
  expect(crossentropy(read([-300], logit), 1, logit)).toBeCloseTo(300, 9);

  const softmax: OutputReading = { ...pair, meaning: "probabilities", units: 2 };
  expect(crossentropy(read([1, Math.exp(-80)], softmax), 1, softmax)).toBeCloseTo(80, 5);
  expect(crossentropy(read([1, 0], softmax), 1, softmax)).toBeCloseTo(149 * Math.LN2, 9);
});

test("a single probability of 1 counts as 1e-7 for the other class, as in Keras", () => {
  const sigmoid: OutputReading = { meaning: "probabilities", units: 1, classes: 2, isOwn: false };
  expect(crossentropy(read([1], sigmoid), 0, sigmoid)).toBeCloseTo(-Math.log(1e-7), 9);
});
