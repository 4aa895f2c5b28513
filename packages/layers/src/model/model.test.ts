import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { SymbolicTensor } from "../layer/layer.ts";
import { Activation } from "../layers/activation/activation.ts";
import { Conv2D } from "../layers/convolutional/conv2d.ts";
import { Dense } from "../layers/core/dense.ts";
import { Flatten } from "../layers/reshaping/flatten.ts";
import { Input } from "./input-layer.ts";
import { MaxPooling2D } from "../layers/pooling/max-pooling2d.ts";
import { Model } from "./model.ts";
import { L1, L2 } from "../parts/regularizers.ts";
import { Sequential } from "./sequential.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

/** Layers one after another in the functional style. */
function chain(input: SymbolicTensor, ...layers: { apply(input: SymbolicTensor): SymbolicTensor }[]): SymbolicTensor {
  return layers.reduce((tensor, layer) => layer.apply(tensor), input);
}

function mnistNetwork(seed?: number): Model {
  const input = Input({ shape: [28, 28, 1] });
  const output = chain(
    input,
    new Conv2D({ filters: 32, kernelSize: 3, activation: "relu" }),
    new MaxPooling2D(),
    new Conv2D({ filters: 64, kernelSize: 3, activation: "relu" }),
    new MaxPooling2D(),
    new Conv2D({ filters: 128, kernelSize: 3, activation: "relu" }),
    new Flatten(),
    new Dense({ units: 10, activation: "softmax" }),
  );
  return new Model({ inputs: input, outputs: output, seed });
}

/** Every weight's values, in order. */
async function values(model: Model): Promise<number[][]> {
  return (await model.getWeights()).map(({ data }) => [...data]);
}

describe("Model", () => {
  test("names its layers as Keras does, and finds them by name or index", () => {
    const model = mnistNetwork();
    const names = "input_layer conv2d max_pooling2d conv2d_1 max_pooling2d_1 conv2d_2 flatten dense".split(" ");
    expect(model.layers.map(({ name }) => name)).toEqual(names);
    expect(model.getLayer("conv2d_1")).toBe(model.layers[3]);
    expect(model.getLayer(-1)).toBe(model.getLayer("dense"));
    expect(() => model.getLayer("conv")).toThrow(/one of input_layer, conv2d,.*received "conv"/);
  });

  test("keeps given names and numbers the others around them", () => {
    const input = Input({ shape: [4], name: "pixels" });
    const layers = [new Dense({ units: 1, name: "dense" }), new Dense({ units: 1 }), new Dense({ units: 1 })];
    const model = new Model({ inputs: input, outputs: chain(input, ...layers), name: "classifier" });
    expect(model.name).toBe("classifier");
    expect(model.layers.map(({ name }) => name)).toEqual(["pixels", "dense", "dense_1", "dense_2"]);
  });

  test("rejects two layers of one name", () => {
    const input = Input({ shape: [4] });
    const layers = [new Dense({ units: 1, name: "twin" }), new Dense({ units: 1, name: "twin" })];
    expect(() => new Model({ inputs: input, outputs: chain(input, ...layers) })).toThrow(/unique.*"twin"/);
  });

  test("predicts, freeing everything between", () => {
    const model = mnistNetwork(1);
    const input = tf.ones([2, 28, 28, 1]);
    model.predict(input).dispose();
    const before = tf.memory().numTensors;
    const output = model.predict(input);
    expect(output.shape).toEqual([2, 10]);
    expect(tf.memory().numTensors).toBe(before + 1);
    const [first = 0] = tf.tidy(() => tf.sum(output, 1).dataSync());
    expect(first).toBeCloseTo(1, 5);
    tf.dispose([input, output]);
    model.dispose();
  });

  test("takes whole numbers as float32", () => {
    const model = mnistNetwork(1);
    const outputs = tf.tidy(() => {
      const bytes = tf.randomUniform([1, 28, 28, 1], 0, 256, "int32", 3);
      return [model.predict(bytes), model.predict(tf.cast(bytes, "float32"))].map((output) => output.dataSync());
    });
    expect(outputs[0]).toEqual(outputs[1]);
    model.dispose();
  });

  test("rejects tensors of another shape", () => {
    const model = mnistNetwork();
    const input = tf.ones([2, 28, 28]);
    expect(() => model.predict(input)).toThrow(/input input_layer must be \(None, 28, 28, 1\), received \(2, 28, 28\)/);
    input.dispose();
    model.dispose();
  });

  test("starts with the same weights from the same seed, and with others from another", async () => {
    expect(await values(mnistNetwork(5))).toEqual(await values(mnistNetwork(5)));
    expect((await values(mnistNetwork(5)))[0]).not.toEqual((await values(mnistNetwork(6)))[0]);
    expect((await values(mnistNetwork()))[0]).not.toEqual((await values(mnistNetwork()))[0]);
  });

  test("seeds nested models that have no seed of their own", async () => {
    const build = (seed: number, innerSeed?: number): Model => {
      const innerInput = Input({ shape: [4] });
      const inner = new Model({
        inputs: innerInput,
        outputs: new Dense({ units: 3 }).apply(innerInput),
        seed: innerSeed,
      });
      const input = Input({ shape: [4] });
      const output = chain(input, inner, new Sequential([new Dense({ units: 2 })]));
      return new Model({ inputs: input, outputs: output, seed });
    };
    expect(await values(build(1))).toEqual(await values(build(1)));
    expect((await values(build(1)))[0]).not.toEqual((await values(build(2)))[0]);
    expect((await values(build(1)))[2]).not.toEqual((await values(build(2)))[2]);
    expect((await values(build(1, 9)))[0]).toEqual((await values(build(2, 9)))[0]);
  });

  test("shares a layer that is used twice", () => {
    const [left, right] = [Input({ shape: [3] }), Input({ shape: [3] })];
    const shared = new Dense({ units: 2 });
    const model = new Model({ inputs: [left, right], outputs: [shared.apply(left), shared.apply(right)], seed: 1 });
    expect(model.countParams()).toBe(8);
    expect(model.weights).toHaveLength(2);
    const input = tf.ones([1, 3]);
    const [first, second] = model.predictAll([input, input]);
    expect(first?.dataSync()).toEqual(second?.dataSync());
    expect(() => model.predict(input)).toThrow(/inputs must be 2 tensors or arrays in a list, received 1/);
    tf.dispose([input, first, second].filter((tensor) => tensor !== undefined));
    model.dispose();
  });

  test("gives several outputs for one input, in a list or not", () => {
    const input = Input({ shape: [3] });
    const model = new Model({ inputs: input, outputs: [new Dense({ units: 2 }).apply(input), input], seed: 1 });
    const value = tf.ones([1, 3]);
    const results = [...model.predictAll(value), ...model.predictAll([value])];
    expect(results.map(({ shape }) => shape)).toEqual([
      [1, 2],
      [1, 3],
      [1, 2],
      [1, 3],
    ]);
    tf.dispose([value, ...results]);
    model.dispose();
  });

  test("runs several inputs and outputs through a nested model", () => {
    const [a, b] = [Input({ shape: [2], name: "a" }), Input({ shape: [3], name: "b" })];
    const pair = new Model({
      inputs: [a, b],
      outputs: [new Dense({ units: 1 }).apply(a), new Activation("relu").apply(b)],
    });
    const [c, d] = [Input({ shape: [2] }), Input({ shape: [3] })];
    const outputs = pair.applyAll([c, d]);
    const model = new Model({ inputs: [c, d], outputs });
    expect(model.outputShapes).toEqual([
      [null, 1],
      [null, 3],
    ]);
    const inputs = [tf.ones([1, 2]), tf.tensor2d([[-1, 0, 2]])];
    const results = model.predictAll(inputs);
    expect([...(results[1]?.dataSync() ?? [])]).toEqual([0, 0, 2]);
    expect(() => pair.apply(c)).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    tf.dispose([...inputs, ...results]);
    model.dispose();
  });

  test("gives inner outputs through a sub-model that shares its layers", () => {
    const model = mnistNetwork(2);
    const maps = new Model({ inputs: model.inputs, outputs: model.getLayer("conv2d").output });
    expect(maps.outputShapes).toEqual([[null, 26, 26, 32]]);
    expect(maps.weights).toEqual(model.getLayer("conv2d").weights);
    const input = tf.ones([1, 28, 28, 1]);
    const [expected, actual] = tf.tidy(() => [
      model.getLayer("conv2d").call(input, { training: false }),
      maps.predict(input),
    ]);
    expect(actual.dataSync()).toEqual(expected.dataSync());
    tf.dispose([input, expected, actual]);
    model.dispose();
  });

  test("splits at an inner tensor into two models with the same weights", () => {
    const model = mnistNetwork(3);
    const middle = model.getLayer("max_pooling2d_1").output;
    const [front, back] = [
      new Model({ inputs: model.input, outputs: middle }),
      new Model({ inputs: middle, outputs: model.output }),
    ];
    expect(back.layers.map(({ name }) => name)).toEqual(["input_layer", "conv2d_2", "flatten", "dense"]);
    expect(back.inputShape).toEqual([null, 5, 5, 64]);
    expect(front.countParams() + back.countParams()).toBe(model.countParams());
    const input = tf.ones([1, 28, 28, 1]);
    const [whole, parts] = tf.tidy(() => [model.predict(input), back.predict(front.predict(input))]);
    expect(parts.dataSync()).toEqual(whole.dataSync());
    tf.dispose([input, whole, parts]);
    model.dispose();
  });

  test("rejects outputs that its inputs do not reach", () => {
    const [one, other] = [Input({ shape: [2] }), Input({ shape: [2] })];
    expect(() => new Model({ inputs: one, outputs: new Dense({ units: 1 }).apply(other) })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "outputs" }),
    );
    expect(() => new Model({ inputs: [], outputs: [] })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
  });

  test("keeps an input that no output needs", () => {
    const [used, unused] = [Input({ shape: [2] }), Input({ shape: [5] })];
    const model = new Model({ inputs: [used, unused], outputs: new Dense({ units: 1 }).apply(used) });
    expect(model.inputs.map(({ shape }) => shape)).toEqual([
      [null, 2],
      [null, 5],
    ]);
  });

  test("freezes layers and whole models", () => {
    const model = mnistNetwork();
    model.getLayer("conv2d").trainable = false;
    expect(model.trainableWeights).toHaveLength(6);
    expect(model.nonTrainableWeights).toEqual(model.getLayer("conv2d").weights);
    model.trainable = false;
    expect(model.trainableWeights).toEqual([]);
    expect(model.layers.every((layer) => !layer.trainable)).toBe(true);
    model.trainable = true;
    expect(model.trainableWeights).toHaveLength(8);
  });

  test("names all weights by layer", () => {
    const input = Input({ shape: [4] });
    const inner = new Sequential([new Dense({ units: 3, name: "hidden" })], { name: "inner" });
    const model = new Model({ inputs: input, outputs: chain(input, inner, new Dense({ units: 1 })) });
    const names = ["inner/hidden/kernel", "inner/hidden/bias", "dense/kernel", "dense/bias"];
    expect([...model.namedWeights().keys()]).toEqual(names);
    expect([...model.namedWeights().values()]).toEqual(model.weights);
  });

  test("replaces all weights or none", async () => {
    const model = mnistNetwork(1);
    const before = await values(model);
    const changed = await mnistNetwork(2).getWeights();
    expect(() => model.setWeights(changed.slice(1))).toThrow(/weights must be 8 arrays, received 7/);
    expect(() => model.setWeights([...changed.slice(0, 7), ...changed.slice(0, 1)])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
    expect(await values(model)).toEqual(before);
    model.setWeights(changed);
    expect(await values(model)).toEqual(changed.map(({ data }) => [...data]));
  });

  test("gives what regularizers add to the loss", () => {
    const input = Input({ shape: [2] });
    const dense = new Dense({
      units: 2,
      kernelInitializer: "ones",
      kernelRegularizer: new L2({ l2: 0.5 }),
      activityRegularizer: new L1({ l1: 0.1 }),
    });
    const model = new Model({ inputs: input, outputs: dense.apply(input) });
    const numbers = tf.tidy(() => {
      const losses: tf.Tensor[] = [];
      model.call(tf.ones([4, 2]), { training: true, losses });
      return [...model.regularizationLosses(), ...losses].map((loss) => loss.dataSync()[0]);
    });
    // 0.5 * 4 ones squared; 0.1 * 8 outputs of 2, over a batch of 4.
    expect(numbers[0]).toBeCloseTo(2, 6);
    expect(numbers[1]).toBeCloseTo(0.4, 6);
    dense.trainable = false;
    expect(model.regularizationLosses()).toEqual([]);
    model.dispose();
  });

  test("works out shapes for other input lengths than its own", () => {
    const input = Input({ shape: [null, null, 3] });
    const model = new Model({ inputs: input, outputs: chain(input, new Conv2D({ filters: 4, kernelSize: 3 })) });
    expect(model.outputShapes).toEqual([[null, null, null, 4]]);
    expect(model.computeOutputShape([2, 10, 12, 3])).toEqual([2, 8, 10, 4]);
    expect(() => model.computeOutputShape([2, 10, 12, 1])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("rejects a layer that its place does not fit, naming the layer", () => {
    const input = Input({ shape: [28, 28, 1] });
    expect(() => chain(input, new Conv2D({ filters: 1, kernelSize: 30, name: "wide" }))).toThrow(/^wide: /);
    expect(() => new Dense({ units: 1 }).input).toThrow(/part of a graph/);
  });
});
