import { openDevice } from "@featuremap/devices";
import { Activation, Dense, Sequential } from "@featuremap/layers";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { toProbabilities } from "./probabilities.ts";

beforeAll(async () => {
  await openDevice("cpu");
});

/** What {@link toProbabilities} makes of one row of outputs. */
async function probabilitiesOf(model: Sequential, outputs: number[]): Promise<number[]> {
  const row = tf.tensor2d(outputs, [1, outputs.length]);
  const probabilities = toProbabilities(model, row);
  const values = [...(await probabilities.data())];
  tf.dispose([row, probabilities]);
  model.dispose();
  return values;
}

const ending = (units: number, activation: "linear" | "softmax" | "sigmoid"): Sequential =>
  new Sequential([new Dense({ units, activation, inputShape: [2] })]);

test("softmax outputs are probabilities already", async () => {
  expect(await probabilitiesOf(ending(2, "softmax"), [0.25, 0.75])).toEqual([0.25, 0.75]);
});

test("logits get the softmax", async () => {
  const [first, second] = await probabilitiesOf(ending(2, "linear"), [0, Math.log(3)]);
  expect(first).toBeCloseTo(0.25, 6);
  expect(second).toBeCloseTo(0.75, 6);
});

test("one sigmoid output is the second class's probability", async () => {
  expect(await probabilitiesOf(ending(1, "sigmoid"), [0.75])).toEqual([0.25, 0.75]);
});

test("one logit gets the sigmoid", async () => {
  const [first, second] = await probabilitiesOf(ending(1, "linear"), [Math.log(3)]);
  expect(first).toBeCloseTo(0.25, 6);
  expect(second).toBeCloseTo(0.75, 6);
});

test("an Activation layer and a nested model are looked into", async () => {
  const activated = new Sequential([
    new Dense({ units: 2, inputShape: [2] }),
    new Activation({ activation: "softmax" }),
  ]);
  expect(await probabilitiesOf(new Sequential([activated]), [0.25, 0.75])).toEqual([0.25, 0.75]);
});

test("no tensor was left behind", () => {
  expect(tf.memory().numTensors).toBe(0);
});
