import { registerGradients } from "../../packages/layers/src/gradients/register-gradients.ts";
import { deserializeLayer } from "../../packages/layers/src/serialization.ts";
import { type GoldenArray, hostArrayOf, tensorOf } from "../../packages/layers/src/testing/golden.ts";
import type { GoldenCall } from "../../packages/layers/src/testing/keras-numbers.ts";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-webgpu";

/** What one layer gives on WebGPU, or why it does not. */
export type PageNumbers = readonly GoldenArray[] | string;

/** Output, weights after a pass that trains, gradients towards inputs and weights: in the order of {@link GoldenCall}. */
async function layerNumbers(golden: GoldenCall): Promise<PageNumbers> {
  try {
    const layer = deserializeLayer(golden.layer, "fixture");
    layer.buildAll(golden.inputs.map(({ shape }) => shape));
    layer.setWeights((golden.weights ?? []).map(hostArrayOf));
    const training = golden.weightsAfter !== undefined;
    const inputs = golden.inputs.map((input) => tf.tidy(() => tf.variable(tensorOf(input))));
    const results = tf.tidy(() => {
      const [output = tf.zeros([0])] = layer.callAll(inputs, { training });
      const after = training ? layer.weights.map(({ variable }) => tf.clone(variable)) : [];
      if (training) layer.setWeights((golden.weights ?? []).map(hostArrayOf));
      const variables = [...inputs, ...layer.trainableWeights.map(({ variable }) => variable)];
      const { grads } = tf.variableGrads(() => {
        const [once = tf.zeros([0])] = layer.callAll(inputs, { training });
        return tf.sum(tf.mul(once, tensorOf(golden.upstream)));
      }, variables);
      // A layer may give its input itself, or one tensor twice.
      return [tf.clone(output), ...after, ...variables.map(({ name }) => tf.clone(grads[name] ?? tf.zeros([0])))];
    });
    const numbers = await Promise.all(
      results.map(async (tensor) => ({ shape: tensor.shape, values: Array.from(await tensor.data<"float32">()) })),
    );
    tf.dispose([inputs, results]);
    layer.dispose();
    return numbers;
  } catch (error) {
    return String(error);
  }
}

async function kerasNumbers(cases: readonly GoldenCall[]): Promise<PageNumbers[]> {
  if (tf.getBackend() !== "webgpu" && !(await tf.setBackend("webgpu"))) throw new Error("WebGPU does not start");
  registerGradients();
  const numbers: PageNumbers[] = [];
  for (const golden of cases) numbers.push(await layerNumbers(golden));
  return numbers;
}

Object.assign(globalThis, { kerasNumbers, tensorCount: () => tf.memory().numTensors });
