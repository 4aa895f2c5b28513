import { type HostArray, InvalidConfigError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import fixture from "../fixtures/models/frozen.json" with { type: "json" };
import { BatchNormalization, Dense, Input, Model, Sequential, deserializeModel } from "../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { tensorOf } from "../testing/golden.ts";

useBackend(registerGradients);

type Frozen = { readonly trainable?: boolean };

const normalizing = (): BatchNormalization => new BatchNormalization({ momentum: 0.5, name: "normalize" });

function sequential(config: Frozen = {}): Model {
  return new Sequential([Input({ shape: [1] }), normalizing()], config);
}

function functional(config: Frozen = {}): Model {
  const input = Input({ shape: [1] });
  return new Model({ inputs: input, outputs: normalizing().apply(input), ...config });
}

const layouts: Readonly<Record<string, (config?: Frozen) => Model>> = {
  sequential,
  functional,
  sequential_in_functional: (config) => {
    const input = Input({ shape: [1] });
    return new Model({ inputs: input, outputs: sequential().apply(input), ...config });
  },
  functional_in_sequential: (config) => new Sequential([Input({ shape: [1] }), functional()], config),
};

/** Weights after three passes of training. */
async function trained(model: Model, input: (typeof fixture)[0]["input"]): Promise<HostArray[]> {
  const data = tensorOf(input);
  for (let pass = 0; pass < 3; pass++) tf.tidy(() => void model.callAll([data], { training: true }));
  data.dispose();
  const weights = await model.getWeights();
  model.dispose();
  return weights;
}

const copyOf = (model: Model): Model => deserializeModel(JSON.parse(JSON.stringify(model.serialize())));

describe.for(fixture)("$name, trainable: $trainable", ({ name, trainable, json, input, weights }) => {
  const make = layouts[name] as (config?: Frozen) => Model;
  const bySetter = (): Model => {
    const model = make();
    model.trainable = trainable;
    return model;
  };

  test.for([
    ["by the option", () => make({ trainable })],
    ["by the setter", bySetter],
    ["by the option, and saved and loaded", () => copyOf(make({ trainable }))],
    ["in Keras, and loaded", () => deserializeModel(JSON.parse(json))],
  ] as const)("moves what Keras moves when set %s", async ([, model]) => {
    const after = await trained(model(), input);
    after.forEach(({ data }, index) => {
      const expected = weights[index]?.values ?? [];
      data.forEach((value, element) => expect(value).toBeCloseTo(expected[element] ?? Number.NaN, 3));
    });
    expect(after).toHaveLength(weights.length);
  });
});

test("what joins a frozen Sequential later is frozen too, and other layers stay as they are", () => {
  const model = new Sequential([normalizing()], { trainable: false });
  const late = new BatchNormalization();
  model.add(late);
  expect(late.trainable).toBe(false);
  const input = Input({ shape: [2] });
  const frozen = new Dense({ units: 1, trainable: false });
  const free = new Model({ inputs: input, outputs: frozen.apply(input), trainable: true });
  expect(frozen.trainable).toBe(false);
  expect(copyOf(free).getLayer("dense").trainable).toBe(false);
});

test.for([1, "no", null, {}])("trainable cannot be %o", (value) => {
  const trainable = value as boolean;
  expect(() => new Dense({ units: 1, trainable })).toThrow(InvalidConfigError);
  expect(() => new Sequential([], { trainable })).toThrow(InvalidConfigError);
  expect(() => Object.assign(sequential(), { trainable })).toThrow(InvalidConfigError);
});
