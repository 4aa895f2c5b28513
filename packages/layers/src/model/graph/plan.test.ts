import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  Add,
  Conv2D,
  type Conv2DConfig,
  Flatten,
  Input,
  type Layer,
  MaxPooling2D,
  type MaxPooling2DConfig,
  Model,
  Sequential,
} from "../../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { distinctValues } from "@featuremap/operations/~internal/testing/numerical-gradient";
import {
  fusedConv2DMaxPool,
  fusedConv2DMaxPoolBackpropFilter,
  fusedConv2DMaxPoolBackpropInput,
} from "@featuremap/operations/~internal/contract/pooled-convolution";
import { offerKernels } from "@featuremap/operations/~internal/testing/offer-kernels";

useBackend(registerGradients);

const kernels = [fusedConv2DMaxPool, fusedConv2DMaxPoolBackpropFilter, fusedConv2DMaxPoolBackpropInput];
const used: string[] = [];
let withdraw: () => void = () => {};

beforeEach(() => {
  used.length = 0;
  withdraw = offerKernels(kernels, used);
});
afterEach(() => withdraw());

const inputShape = [9, 8, 2] as const;

function convolution(config: Partial<Conv2DConfig> = {}): Conv2D {
  return new Conv2D({ filters: 4, kernelSize: 3, activation: "relu", biasInitializer: "ones", ...config });
}

function stack(convolutionConfig: Partial<Conv2DConfig> = {}, poolingConfig: MaxPooling2DConfig = {}): Sequential {
  const layers = [convolution({ inputShape, ...convolutionConfig }), new MaxPooling2D(poolingConfig)];
  return new Sequential(layers, { seed: 5 });
}

/** Predictions, and losses and gradients of a training pass. */
function results(model: Model, shape: readonly number[] = inputShape): number[][] {
  return tf.tidy(() => {
    const images = distinctValues([2, ...shape], -2, 2, 4);
    const predictions = model.predictAll([images]);
    const losses: tf.Tensor[] = [];
    const variables = model.trainableWeights.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(() => {
      const outputs = model.callAll([images], { training: true, losses });
      return tf.addN([...outputs.map((output) => tf.sum(tf.square(output))), ...losses]) as tf.Scalar;
    }, variables);
    const gradients = variables.map(({ name }) => grads[name] ?? tf.scalar(Number.NaN));
    return [...predictions, value, ...gradients].map((tensor) => [...tensor.dataSync()]);
  });
}

/** Checks a model's numbers against those without fused kernels; tells which of them ran. */
function kernelsUsed(model: Model, shape?: readonly number[]): string[] {
  // Weights go to the device once.
  results(model, shape);
  used.length = 0;
  const before = tf.memory().numTensors;
  const actual = results(model, shape);
  expect(tf.memory().numTensors).toBe(before);
  const names = used.splice(0);
  withdraw();
  const expected = results(model, shape);
  model.dispose();
  expect(actual).toHaveLength(expected.length);
  for (const [which, values] of expected.entries()) {
    const scale = Math.max(1, ...values.map(Math.abs));
    const errors = values.map((value, index) => Math.abs(value - (actual[which]?.[index] ?? Number.NaN)));
    expect(Math.max(...errors) / scale).toBeLessThan(1e-5);
  }
  return names;
}

/** One prediction, and one pass there and back that asks for no gradient of images. */
const once = ["FusedConv2DMaxPool", "FusedConv2DMaxPool", "FusedConv2DMaxPoolBackpropFilter"];

class OwnConv2D extends Conv2D {
  override call(input: tf.Tensor): tf.Tensor {
    return tf.neg(super.call(input));
  }
}

class OwnPooling extends MaxPooling2D {
  override call(input: tf.Tensor): tf.Tensor {
    return tf.neg(super.call(input));
  }
}

describe("a convolution before pooling, where the device fuses them", () => {
  test("is one kernel with it, in prediction and in training", () => {
    expect(kernelsUsed(stack())).toEqual(once);
  });

  test("asks for the gradient of images in all but the first pair", () => {
    const model = new Sequential(
      [
        convolution({ inputShape }),
        new MaxPooling2D(),
        convolution({ kernelSize: 2 }),
        new MaxPooling2D(),
        new Flatten(),
      ],
      { seed: 1 },
    );
    const all = kernelsUsed(model);
    expect(all.filter((name) => name === "FusedConv2DMaxPool")).toHaveLength(4);
    expect(all.filter((name) => name === "FusedConv2DMaxPoolBackpropFilter")).toHaveLength(2);
    expect(all.filter((name) => name === "FusedConv2DMaxPoolBackpropInput")).toHaveLength(1);
  });

  test("is so inside a nested model, and where the layers are shared", () => {
    const [shared, pooling] = [stack(), new MaxPooling2D()];
    const [input, layer] = [Input({ shape: [...inputShape] }), convolution()];
    const outputs = [shared.apply(input), pooling.apply(layer.apply(input)), pooling.apply(layer.apply(input))];
    const names = kernelsUsed(new Model({ inputs: input, outputs }));
    expect(names.filter((name) => name === "FusedConv2DMaxPool")).toHaveLength(6);
  });

  test.for([
    ["even", [8, 6, 2], once],
    ["odd", [9, 6, 2], []],
  ] as const)("is so with padding where lengths are even: %s", ([, shape, expected]) => {
    const known = stack({ padding: "same", inputShape: shape }, { padding: "same" });
    expect(kernelsUsed(known, shape)).toEqual(expected);
    withdraw = offerKernels(kernels, used);
    const unknown = stack({ padding: "same", inputShape: [null, null, 2] }, { padding: "same" });
    expect(kernelsUsed(unknown, shape)).toEqual(expected);
  });

  test("counts what the pooled output costs", () => {
    expect(kernelsUsed(stack({}, { activityRegularizer: "l2" }))).toEqual(once);
  });

  test.for([
    ["its output costs", () => stack({ activityRegularizer: "l2" })],
    ["windows are larger", () => stack({}, { poolSize: 3 })],
    ["windows overlap", () => stack({}, { strides: 1 })],
    ["channels are in groups", () => stack({ groups: 2 })],
    ["the activation is another", () => stack({ activation: "sigmoid" })],
    ["it is a layer of the user's own", () => ownStack(new OwnConv2D(convolutionConfig), new MaxPooling2D())],
    ["the pooling is a layer of the user's own", () => ownStack(convolution({ inputShape }), new OwnPooling())],
    [
      "its output is one of the model's",
      () => {
        const input = Input({ shape: [...inputShape] });
        const maps = convolution().apply(input);
        return new Model({ inputs: input, outputs: [maps, new MaxPooling2D().apply(maps)] });
      },
    ],
    [
      "others take its output",
      () => {
        const input = Input({ shape: [...inputShape] });
        const maps = convolution().apply(input);
        const pooled = [new MaxPooling2D().apply(maps), new MaxPooling2D().apply(maps)];
        return new Model({ inputs: input, outputs: new Add().apply(pooled) });
      },
    ],
  ] as const)("is a kernel of its own where %s", ([, make]) => {
    expect(kernelsUsed(make())).toEqual([]);
  });

  test("is a kernel of its own where channels come first", () => {
    const model = stack({ dataFormat: "channelsFirst", inputShape: [2, 9, 8] }, { dataFormat: "channelsFirst" });
    expect(kernelsUsed(model, [2, 9, 8])).toEqual([]);
  });

  test("shows its feature maps in a model that ends there", () => {
    const model = stack();
    const maps = new Model({ inputs: model.inputs, outputs: model.getLayer(0).output });
    tf.tidy(() => {
      const images = distinctValues([2, ...inputShape], -2, 2, 4);
      const pooled = tf.maxPool(maps.predict(images) as tf.Tensor4D, 2, 2, "valid");
      expect([...model.predict(images).dataSync()]).toEqual([...pooled.dataSync()]);
    });
    model.dispose();
    expect(used).toEqual(["FusedConv2DMaxPool"]);
  });
});

const convolutionConfig: Conv2DConfig = { filters: 4, kernelSize: 3, inputShape };

function ownStack(...layers: Layer[]): Sequential {
  return new Sequential(layers, { seed: 5 });
}
