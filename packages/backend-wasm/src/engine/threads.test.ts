import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test } from "vitest";
import { BACKEND_NAME, type WasmBackend } from "./backend.ts";
import { compileKernels } from "./binary.ts";
import { registerWasmBackend } from "../index.ts";
import { prepareParts } from "./parts.ts";
import { prepareEngine } from "./platform.node.ts";
import { registerParts } from "../register.ts";
import type { Simd } from "./simd.ts";

/** Files of one package share their imports, and what one leaves is not the next one's fault. */
const tensorsBefore = tf.memory().numTensors;

afterEach(() => {
  tf.removeBackend(BACKEND_NAME);
});

/** Registers with the binary of one's choice. */
async function registerWith(simd: Simd, threads: number): Promise<void> {
  prepareEngine();
  const prepare = async (): ReturnType<typeof prepareParts> =>
    prepareParts(await compileKernels(simd, threads > 1), threads, threads > 1);
  registerParts(await prepare(), prepare);
  await tf.setBackend(BACKEND_NAME);
}

function draw(shape: number[], random: RandomStream): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
    shape,
  );
}

function runKernel(name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor>(name, inputs, attrs as never);
}

/** A step of training by hand: two layers forward and backward, and the weights it leaves. */
function trainingStep(x: tf.Tensor, labels: tf.Tensor, weights: readonly tf.Tensor[]): tf.Tensor[] {
  return tf.tidy(() => {
    const [filter, dense] = weights as [tf.Tensor4D, tf.Tensor2D];
    const geometry = { strides: 1, pad: "same", dataFormat: "NHWC" };
    const pool = { filterSize: 2, strides: 2, pad: "valid" };
    const convolved = tf.relu(tf.conv2d(x as tf.Tensor4D, filter, 1, "same"));
    const pooled = tf.maxPool(convolved, 2, 2, "valid");
    const flat = tf.reshape<tf.Rank.R2>(pooled, [x.shape[0] ?? 1, 6 * 6 * 16]);
    const error = tf.sub(tf.softmax(tf.matMul(flat, dense)), labels);
    const denseGradient = tf.matMul(flat, error, true, false);
    const back = tf.reshape(tf.matMul(error as tf.Tensor2D, dense, false, true), pooled.shape);
    const unpooled = runKernel("MaxPoolGrad", { dy: back, input: convolved, output: pooled }, pool);
    const dy = tf.mul(unpooled, tf.step(convolved));
    const filterGradient = runKernel("Conv2DBackpropFilter", { x, dy }, { ...geometry, filterShape: filter.shape });
    const inputGradient = runKernel("Conv2DBackpropInput", { dy, filter }, { ...geometry, inputShape: x.shape });
    return [
      tf.sub(filter, tf.mul(filterGradient, 0.01)),
      tf.sub(dense, tf.mul(denseGradient, 0.01)),
      tf.mean(inputGradient, [0, 3]),
    ];
  });
}

/** The weights after some steps, and what went back to the images. */
async function train(steps: number): Promise<Float32Array[]> {
  const random = new RandomStream(21);
  const x = draw([16, 12, 12, 8], random);
  const labels = tf.tidy(() =>
    tf.oneHot(
      tf.tensor1d(
        Array.from({ length: 16 }, (_, index) => index % 10),
        "int32",
      ),
      10,
    ),
  );
  let weights = [draw([3, 3, 8, 16], random), draw([6 * 6 * 16, 10], random)];
  let back = tf.scalar(0) as tf.Tensor;
  for (let step = 0; step < steps; step++) {
    const [filter, dense, gradient] = trainingStep(x, labels, weights) as [tf.Tensor, tf.Tensor, tf.Tensor];
    tf.dispose([...weights, back]);
    weights = [filter, dense];
    back = gradient;
  }
  const results = await Promise.all([...weights, back].map(async (tensor) => (await tensor.data()) as Float32Array));
  tf.dispose([x, labels, ...weights, back]);
  return results;
}

/** Largest difference relative to the largest value. */
function distance(a: Float32Array, b: Float32Array): number {
  const scale = a.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? Number.NaN))), 0) / scale;
}

describe("training", () => {
  test.for(["relaxed", "simd128"] as const)("gives the same bits each time: 2 threads, %s", async (simd) => {
    const runs: Float32Array[][] = [];
    for (let run = 0; run < 3; run++) {
      if (run > 0) tf.removeBackend(BACKEND_NAME);
      await registerWith(simd, 2);
      runs.push(await train(8));
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
    expect(runs[0]?.[0]?.every(Number.isFinite)).toBe(true);
  });

  test("agrees with and without relaxed SIMD, and between 1 and 2 threads, to 1e-4 of the largest value", async () => {
    const results: Float32Array[][] = [];
    for (const [simd, threads] of [
      ["relaxed", 2],
      ["simd128", 2],
      ["relaxed", 1],
      ["simd128", 1],
    ] as const) {
      if (results.length > 0) tf.removeBackend(BACKEND_NAME);
      await registerWith(simd, threads);
      results.push(await train(4));
    }
    const [first, ...others] = results;
    for (const other of others) {
      for (const [index, values] of other.entries()) {
        expect(distance(values, first?.[index] ?? new Float32Array(0))).toBeLessThan(1e-4);
      }
    }
  });
});

test("many operations while the memory grows give with 2 threads what they give with 1", async () => {
  const results: number[][] = [];
  const reserved: number[] = [];
  for (const threads of [1, 2]) {
    if (results.length > 0) tf.removeBackend(BACKEND_NAME);
    await registerWasmBackend({ threads });
    await tf.setBackend(BACKEND_NAME);
    const random = new RandomStream(8);
    const held: tf.Tensor[] = [];
    const sums: number[] = [];
    const kernel = draw([3, 3, 4, 8], random) as tf.Tensor4D;
    for (let step = 0; step < 150; step++) {
      // Sizes differ, so that little is used again; all of it is held, so that the memory grows every few steps.
      const side = 24 + (step % 17);
      const x = tf.tidy(() => tf.mul<tf.Tensor4D>(tf.ones<tf.Rank.R4>([16, side, side, 4]), (step % 7) - 3));
      const y = tf.tidy(() => tf.relu(tf.conv2d(x, kernel, 1, "same")));
      const padded = tf.pad(y, [
        [0, 0],
        [2, 2],
        [2, 2],
        [0, 0],
      ]);
      const sum = tf.tidy(() => tf.sum(tf.maxPool(padded, 2, 2, "same")));
      sums.push((await sum.data())[0] ?? Number.NaN);
      sum.dispose();
      held.push(x, y, padded);
    }
    reserved.push((tf.backend() as WasmBackend).memory().reservedBytes);
    results.push(sums);
    tf.dispose([...held, kernel]);
  }
  expect(Math.min(...reserved)).toBeGreaterThan(2 * 64 * 2 ** 20);
  expect(results[1]).toEqual(results[0]);
});

test("no tensor was left behind", async () => {
  await registerWasmBackend({ threads: 1 });
  await tf.setBackend(BACKEND_NAME);
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

test("memory that is given back while a thread still reads it is not overwritten", async () => {
  await registerWasmBackend({ threads: 2 });
  await tf.setBackend(BACKEND_NAME);
  const size = 1 << 16;
  const ones = tf.ones([size]);
  for (let round = 0; round < 300; round++) {
    const first = tf.mul(ones, round);
    const square = tf.square(first);
    first.dispose();
    // Host values, which move to where the first tensor was.
    const second = tf.tensor1d(Float32Array.from({ length: size }, () => -1));
    const negative = tf.neg(second);
    second.dispose();
    const [squares, positives] = [square.dataSync(), negative.dataSync()];
    expect(squares.findIndex((value) => value !== round * round)).toBe(-1);
    expect(positives.findIndex((value) => value !== 1)).toBe(-1);
    tf.dispose([square, negative]);
  }
  ones.dispose();
});
