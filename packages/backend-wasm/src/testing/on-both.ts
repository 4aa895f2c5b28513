import type { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** Values of a tensor as they were drawn, for a tensor on either backend. */
export interface Drawn {
  readonly shape: number[];
  readonly dtype: "float32" | "int32" | "bool";
  readonly values: number[];
}

/** Draws normal numbers, integers in [-5, 5], or truth values. */
export function draw(shape: readonly number[], dtype: Drawn["dtype"], random: RandomStream): Drawn {
  const one = {
    float32: () => Math.fround(random.normal()),
    int32: () => Math.floor(random.uniform() * 11) - 5,
    bool: () => Math.floor(random.uniform() * 2),
  }[dtype];
  return { shape: [...shape], dtype, values: Array.from({ length: tf.util.sizeFromShape([...shape]) }, one) };
}

/** The tensor of drawn values on the current backend. */
export function tensor({ shape, dtype, values }: Drawn): tf.Tensor {
  return tf.tensor(values, shape, dtype);
}

/**
 * Checks that an operation gives on this backend what it gives on the CPU backend: shapes, types and values.
 *
 * @param operation runs within a tidy, on each backend in turn
 * @param tolerance largest difference relative to the value wanted, or to 1
 */
export async function expectSameOnBoth(operation: () => tf.Tensor | tf.Tensor[], tolerance = 0): Promise<void> {
  const results: { shape: number[]; dtype: string; values: number[] }[][] = [];
  for (const backend of ["cpu", "featuremap-wasm"]) {
    await tf.setBackend(backend);
    const outputs = [tf.tidy(() => operation())].flat();
    results.push(
      await Promise.all(
        outputs.map(async (output) => ({
          shape: output.shape,
          dtype: output.dtype,
          values: Array.from(await output.data<"float32">()),
        })),
      ),
    );
    tf.dispose(outputs);
  }
  const [expected = [], actual = []] = results;
  const kinds = (outputs: typeof expected): object[] => outputs.map(({ shape, dtype }) => ({ shape, dtype }));
  expect(kinds(actual)).toEqual(kinds(expected));
  for (const [index, { values: wanted }] of expected.entries()) {
    const given = actual[index]?.values ?? [];
    expect(given.length).toBe(wanted.length);
    const wrong = wanted.findIndex((want, at) => {
      const got = given[at] ?? Number.NaN;
      return Object.is(got, want) ? false : !(Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want)));
    });
    expect(wrong, `output ${index}, element ${wrong}: ${given[wrong]} for ${wanted[wrong]}`).toBe(-1);
  }
}
