import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { Dense, Dropout, GaussianNoise, Input, Model, RandomFlip, Sequential } from "../index.ts";

useBackend();

function noisyModel(seed?: number): Model {
  const inner = new Sequential([new GaussianNoise({ stddev: 1 }), new Dropout({ rate: 0.5, seed: 9 })], {
    name: "inner",
  });
  const input = Input({ shape: [4, 4, 1] });
  const flipped = new RandomFlip({ seed: 3 }).apply(input);
  const dropped = new Dropout({ rate: 0.3 }).apply(inner.apply(flipped));
  const output = new Dense({ units: 2 }).apply(dropped);
  return new Model({ inputs: input, outputs: output, ...(seed === undefined ? {} : { seed }) });
}

function draw(model: Model): number[] {
  return tf.tidy(() => {
    const [output] = model.callAll([tf.ones([2, 4, 4, 1])], { training: true });
    return [...(output?.dataSync() ?? [])];
  });
}

test("a model that takes over another's random states draws the same from there on, nested layers too", async () => {
  const [one, other] = [noisyModel(1), noisyModel()];
  other.setWeights(await one.getWeights());
  draw(one);
  expect(draw(other)).not.toEqual(draw(one));
  const renamed = new Map([...one.randomStates().values()].map((state, index) => [index, state]));
  other.restoreRandomStates(
    new Map([...other.randomStates().keys()].map((path, index) => [path, renamed.get(index) as never])),
  );
  expect(draw(other)).toEqual(draw(one));
  expect(draw(other)).toEqual(draw(one));
  for (const model of [one, other]) model.dispose();
});

test("a state that is missing is an error which names the layer", () => {
  const model = noisyModel(1);
  expect(() => model.restoreRandomStates(new Map())).toThrow("a layer's state, found nothing");
  model.dispose();
});
