import { type FixedShape, HostArray, InvalidConfigError, RandomStream, type Shape, sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { CallContext, Layer } from "../layer/layer.ts";
import { Input } from "../model/input-layer.ts";
import { Model } from "../model/model.ts";
import { deserializeModel } from "../saving/serialization.ts";
import type { Weight } from "../layer/weights/weight.ts";

/** Shapes of the inputs, with the batch axis. */
type ContractOptions = { readonly inputShape: FixedShape } | { readonly inputShapes: readonly FixedShape[] };

const predicting: CallContext = { training: false };

/** The tests that every layer passes: shapes, config, weights, tensors, gradients. The parity suite holds it to Keras's numbers. */
export function checkLayerContract(make: () => Layer, options: ContractOptions): void {
  const inputShapes = "inputShapes" in options ? options.inputShapes : [options.inputShape];
  const open = inputShapes.map((shape): Shape => [null, ...shape.slice(1)]);
  const built = (): Layer => {
    const layer = make();
    layer.buildAll(open, new RandomStream(1));
    return layer;
  };

  test("gives the shape it promises", () => {
    const layer = built();
    const inputs = randomInputs(inputShapes, 2);
    const output = tf.tidy(() => outputOf(layer, inputs));
    const openOutput = [null, ...output.shape.slice(1)];
    expect(layer.inferShapes(inputShapes)).toEqual([output.shape]);
    expect(layer.inferShapes(open)).toEqual([openOutput]);
    // Keras's name is for one input alone.
    const [only = [], ...others] = open;
    expect(others.length > 0 ? openOutput : layer.computeOutputShape(only)).toEqual(openOutput);
    tf.dispose([...inputs, output]);
    layer.dispose();
  });

  test("comes back from its own config", () => {
    const layer = built();
    const json = jsonOf(layer);
    const [copy] = deserializeModel({ class_name: "Sequential", config: { layers: [json] } }).layers;
    if (copy === undefined) throw new Error("The model has lost its layer.");
    expect(copy).toBeInstanceOf(layer.constructor);
    copy.buildAll(open);
    expect(jsonOf(copy)).toEqual(json);
    layer.dispose();
    copy.dispose();
  });

  test("comes back from its own config without a model, unless it is made of layers", () => {
    const layer = built();
    const isMadeOfLayers = "layer" in layer.config || "layers" in layer.config;
    const again = (): unknown => {
      try {
        const copy = (layer.constructor as typeof Layer).fromConfig(layer.getConfig());
        copy.buildAll(open);
        copy.dispose();
        return [copy.constructor, copy.getConfig()];
      } catch (error) {
        return (error as Error).name;
      }
    };
    const refusal = InvalidConfigError.name;
    expect(again()).toEqual(isMadeOfLayers ? refusal : [layer.constructor, layer.getConfig()]);
    layer.dispose();
  });

  test("computes the same once its weights are another's", async () => {
    const [layer, copy] = [built(), built()];
    const inputs = randomInputs(inputShapes, 3);
    layer.setWeights(layer.weights.map((weight, index) => randomValues(weight, 10 + index)));
    copy.setWeights(await layer.getWeights());
    const [expected, actual] = tf.tidy(() => [outputOf(layer, inputs), outputOf(copy, inputs)]);
    expect(actual.dataSync()).toEqual(expected.dataSync());
    tf.dispose([...inputs, expected, actual]);
    layer.dispose();
    copy.dispose();
  });

  test("stands in a model that is saved and loaded", async () => {
    const ends = inputShapes.map((shape) => Input({ shape: shape.slice(1) }));
    const model = new Model({ inputs: ends, outputs: make().applyAll(ends) });
    const json = jsonOf(model);
    const copy = deserializeModel(json);
    expect(jsonOf(copy)).toEqual(json);
    copy.setWeights(await model.getWeights());
    tf.tidy(() => {
      const inputs = randomInputs(inputShapes, 8);
      const [expected, actual] = [model.predictAll(inputs)[0], copy.predictAll(inputs)[0]];
      expect(actual?.dataSync()).toEqual(expected?.dataSync());
    });
    model.dispose();
    copy.dispose();
  });

  test.each([false, true])("leaves no tensors behind, training: %s", (training) => {
    const before = tf.memory().numTensors;
    const layer = built();
    const inputs = randomInputs(inputShapes, 4);
    tf.dispose(tf.tidy(() => outputOf(layer, inputs, { training })));
    tf.dispose(inputs);
    layer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("has the gradients that small steps show", () => {
    const layer = built();
    layer.setWeights(layer.weights.map((weight, index) => randomValues(weight, 20 + index)));
    checkGradients(layer, inputShapes);
    layer.dispose();
  });
}

function outputOf(layer: Layer, inputs: readonly tf.Tensor[], context = predicting): tf.Tensor {
  const [output = tf.zeros([0])] = layer.callAll(inputs, context);
  return output;
}

function jsonOf(layer: Layer): unknown {
  return JSON.parse(JSON.stringify(layer.serialize()));
}

/** Gradients of `sum(output * upstream)` for some variables. */
function lossGradients(
  layer: Layer,
  inputs: readonly tf.Variable[],
  upstream: tf.Tensor,
  variables: tf.Variable[],
): tf.Tensor[] {
  const loss = (): tf.Scalar => tf.sum(tf.mul(outputOf(layer, inputs), upstream));
  const { value, grads } = tf.variableGrads(loss, variables);
  value.dispose();
  return variables.map(({ name }) => grads[name] ?? tf.zeros([0]));
}

/** Compares each gradient with central differences, at a few elements of each input and of each weight that trains. */
function checkGradients(layer: Layer, inputShapes: readonly FixedShape[]): void {
  tf.tidy(() => {
    const inputs = randomInputs(inputShapes, 5).map((input) => tf.variable(input));
    const upstream = randomTensor(layer.inferShapes(inputShapes)[0] as FixedShape, 6);
    const variables = [...inputs, ...layer.weights.map(({ variable }) => variable)];
    const gradients = lossGradients(layer, inputs, upstream, variables);
    variables.forEach((variable, index) => {
      // tf.variableGrads leaves these out.
      if (!variable.trainable) return;
      const gradient = gradients[index]?.dataSync() ?? new Float32Array();
      const picks = new RandomStream(7);
      for (let count = 0; count < 12; count++) {
        const element = picks.integer(variable.size);
        const slope = slopeAt(layer, inputs, upstream, variable, element);
        const scale = Math.max(1, Math.abs(slope));
        expect(Math.abs((gradient[element] ?? Number.NaN) - slope) / scale).toBeLessThan(1e-2);
      }
    });
    tf.dispose(inputs);
  });
}

/** How the loss changes with one element; differences of outputs are summed in float64, as sums would cancel. */
function slopeAt(
  layer: Layer,
  inputs: readonly tf.Variable[],
  upstream: tf.Tensor,
  variable: tf.Variable,
  element: number,
): number {
  const step = 1e-2;
  const start = variable.dataSync<"float32">().slice();
  const outputAt = (offset: number) => {
    const moved = start.slice();
    moved[element] = (start[element] ?? 0) + offset;
    variable.assign(tf.tensor(moved, variable.shape));
    return outputOf(layer, inputs).dataSync<"float32">().slice();
  };
  const [above, below] = [outputAt(step), outputAt(-step)];
  variable.assign(tf.tensor(start, variable.shape));
  const weights = upstream.dataSync();
  return (
    above.reduce((sum, value, index) => sum + (value - (below[index] ?? 0)) * (weights[index] ?? 0), 0) / (2 * step)
  );
}

/** The first of a seed, the others of seeds far from those that tests take. */
function randomInputs(shapes: readonly FixedShape[], seed: number): tf.Tensor[] {
  return shapes.map((shape, index) => randomTensor(shape, seed + 100 * index));
}

/** Values for a weight; a variance's are far enough from zero that no small step brings them there. */
function randomValues({ name, shape }: Weight, seed: number): HostArray<Float32Array> {
  const values = randomArray(shape, seed);
  return name.endsWith("variance")
    ? new HostArray(
        values.data.map((value) => Math.abs(value) + 0.5),
        shape,
      )
    : values;
}

function randomArray(shape: FixedShape, seed: number): HostArray<Float32Array> {
  const random = new RandomStream(seed);
  return new HostArray(
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    shape,
  );
}

function randomTensor(shape: FixedShape, seed: number): tf.Tensor {
  return tf.tensor(randomArray(shape, seed).data, [...shape]);
}
