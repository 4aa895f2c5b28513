import { RandomStream } from "@featuremap/tensor";
import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Backends, difference } from "./fuzz/compare.ts";
import { channelsFirstConvolution, convolution } from "./fuzz/convolution.ts";
import { batchNormalization } from "./fuzz/batch-normalization.ts";
import { crossentropies } from "./fuzz/crossentropy.ts";
import { chance } from "./fuzz/draw.ts";
import { elementwise } from "./fuzz/elementwise.ts";
import { groupedConvolution } from "./fuzz/grouped-convolution.ts";
import { image } from "./fuzz/image.ts";
import { layerNormalization } from "./fuzz/layer-normalization.ts";
import { notedPooling } from "./fuzz/noted-pooling.ts";
import type { Operation } from "./fuzz/operation.ts";
import { pooledConvolution } from "./fuzz/pooled-convolution.ts";
import { product } from "./fuzz/product.ts";
import { reduction } from "./fuzz/reduction.ts";
import { scattering } from "./fuzz/scattering.ts";
import { shaping } from "./fuzz/shaping.ts";
import { registerWasmBackend } from "../index.ts";
import { kernels } from "../kernels.ts";

/**
 * Random calls of every kernel, against the CPU backend.
 *
 * `FEATUREMAP_FUZZ_SEED` draws other calls, `FEATUREMAP_FUZZ_CASES` more of them per kernel, and `FEATUREMAP_FUZZ_CASE`
 * repeats the one of that number.
 */
const seed = Number(process.env["FEATUREMAP_FUZZ_SEED"] ?? 1);
const cases = Number(process.env["FEATUREMAP_FUZZ_CASES"] ?? 40);
const only = process.env["FEATUREMAP_FUZZ_CASE"];
const numbers = only === undefined ? Array.from({ length: cases }, (_, number) => number) : [Number(only)];

const operations: readonly Operation[] = [
  ...elementwise,
  ...shaping,
  ...scattering,
  ...reduction,
  ...product,
  ...convolution,
  ...channelsFirstConvolution,
  ...groupedConvolution,
  ...image,
  ...notedPooling,
  ...pooledConvolution,
  ...batchNormalization,
  ...layerNormalization,
  ...crossentropies,
];

/** Printed with a failing case. */
function describeCall({ inputs, attrs }: ReturnType<Operation["generate"]>): string {
  const shown = Object.entries(inputs).map(([name, { shape, dtype, values }]) => {
    const all = values.length <= 40 ? ` ${Array.from(values, String).join(" ")}` : "";
    return `${name}: ${dtype}[${shape.join()}]${all}`;
  });
  return `${shown.join("; ")}; ${JSON.stringify(attrs)}`;
}

test("every kernel of this backend's own is among them", () => {
  const names = new Set(operations.map(({ name }) => name));
  expect(kernels.map(({ kernelName }) => kernelName).filter((name) => !names.has(name))).toEqual([]);
});

describe.for([1, 2])("with %d thread(s)", (threads) => {
  let backends: Backends | undefined;

  beforeAll(async () => {
    const { name } = await registerWasmBackend({ threads });
    await tf.setBackend("cpu");
    const cpu = tf.backend() as MathBackendCPU;
    await tf.setBackend(name);
    backends = { cpu, wasm: tf.backend() as Backends["wasm"] };
  });

  afterAll(() => {
    tf.removeBackend("featuremap-wasm");
  });

  test.for(operations.map((operation) => [operation.name, operation] as const))("%s", ([name, operation]) => {
    const failures: string[] = [];
    for (const number of numbers) {
      const random = new RandomStream(seed).fork(`${name} ${number} of ${threads}`);
      const call = operation.generate(random);
      const found = difference(operation, call, chance(random, 0.5), backends as Backends);
      if (found === undefined) continue;
      failures.push(`FEATUREMAP_FUZZ_SEED=${seed} FEATUREMAP_FUZZ_CASE=${number}: ${found}\n${describeCall(call)}`);
      if (failures.length === 3) break;
    }
    expect(failures).toEqual([]);
  });
});
