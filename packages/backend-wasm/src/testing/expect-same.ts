import type { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** Shape of an input drawn at random, or its values where they matter. */
export type Input = readonly number[] | { readonly shape: readonly number[]; readonly values: readonly number[] };

/** One kernel's call. */
export interface Call {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly attrs?: object;
}

/** Runs one kernel on a backend, over values that are the same in every run. */
async function run(backend: string, { name, attrs = {} }: Call, data: readonly Drawn[]): Promise<tf.Tensor> {
  await tf.setBackend(backend);
  const tensors = Object.fromEntries(data.map(({ key, shape, values }) => [key, tf.tensor(values, shape)]));
  const output = tf.engine().runKernel<tf.Tensor>(name, tensors, attrs as tf.NamedAttrMap);
  tf.dispose(Object.values(tensors));
  return output;
}

interface Drawn {
  readonly key: string;
  readonly shape: number[];
  readonly values: Float32Array;
}

/**
 * Checks that a kernel gives on this backend what it gives on the CPU backend: shape, type and values.
 *
 * @param tolerance largest difference, relative to the largest value of the result or to 1
 */
export async function expectSame(call: Call, random: RandomStream, tolerance = 2e-6): Promise<void> {
  const data = Object.entries(call.inputs).map(([key, input]): Drawn => {
    if ("shape" in input) return { key, shape: [...input.shape], values: Float32Array.from(input.values) };
    const shape = [...input];
    return { key, shape, values: Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()) };
  });
  const expected = await run("cpu", call, data);
  const wanted = await expected.data();
  const actual = await run("featuremap-wasm", call, data);
  const given = await actual.data();
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.dtype).toBe(expected.dtype);
  tf.dispose([expected, actual]);
  const scale = Math.max(1, ...Array.from(wanted, (value) => (Number.isFinite(value) ? Math.abs(value) : 0)));
  const wrong = Array.from(wanted).findIndex((want, index) => {
    const got = given[index] ?? Number.NaN;
    return Number.isFinite(want) ? !(Math.abs(got - want) <= tolerance * scale) : !Object.is(got, want);
  });
  expect(wrong, `${call.name}, element ${wrong}: ${given[wrong]} for ${wanted[wrong]}`).toBe(-1);
}
