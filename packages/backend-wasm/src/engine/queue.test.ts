import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, expect, test } from "vitest";
import { BACKEND_NAME, type BackendParts } from "./backend.ts";
import { compileKernels } from "./binary.ts";
import type { KernelExports } from "./kernel-exports.ts";
import { prepareParts } from "./parts.ts";
import { prepareEngine } from "./platform.node.ts";
import { registerParts } from "../register.ts";
import type { Simd } from "./simd.ts";
import { type ProgramOptions, runProgram } from "../testing/random-program.ts";
import { DONE, PUBLISHED } from "../codes/memory.ts";

/** Files of one package share their imports, and what one leaves is not the next one's fault. */
const tensorsBefore = tf.memory().numTensors;

afterEach(() => {
  if (tf.findBackendFactory(BACKEND_NAME) !== null) tf.removeBackend(BACKEND_NAME);
});

/** The kernels, each of which returns when all is computed. */
function waitingForEach(kernels: KernelExports): KernelExports {
  const waiting = Object.entries(kernels).map(([name, kernel]) => [
    name,
    (...values: unknown[]) => {
      const result: unknown = Reflect.apply(kernel, undefined, values);
      kernels.finish();
      return result;
    },
  ]);
  return Object.fromEntries(waiting) as KernelExports;
}

interface Setting {
  readonly simd: Simd;
  readonly threads: number;
  /** Whether every kernel returns only when it is computed. */
  readonly waits?: true;
  /** Number of the first job. */
  readonly firstJob?: number;
}

/** Where the numbers of jobs published and done lie. */
const COUNTERS = [PUBLISHED / 4, DONE / 4];

async function runWith(
  { simd, threads, waits, firstJob = 0 }: Setting,
  seed: number,
  options: ProgramOptions,
): Promise<tf.TypedArray[]> {
  prepareEngine();
  const prepare = async (): Promise<BackendParts> => {
    const parts = await prepareParts(await compileKernels(simd, threads > 1), threads, threads > 1);
    const words = new Int32Array(parts.allocator.memory.buffer);
    for (const counter of COUNTERS) Atomics.store(words, counter, firstJob);
    return waits ? { ...parts, kernels: waitingForEach(parts.kernels) } : parts;
  };
  registerParts(await prepare(), prepare);
  await tf.setBackend(BACKEND_NAME);
  const results = await runProgram(new RandomStream(seed), options);
  expect(tf.memory().numTensors).toBe(tensorsBefore);
  tf.removeBackend(BACKEND_NAME);
  return results;
}

function expectSameBits(actual: readonly tf.TypedArray[], expected: readonly tf.TypedArray[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [index, values] of expected.entries()) {
    expect(actual[index]?.length).toBe(values.length);
    const wrong = values.findIndex((value: number, at: number) => !Object.is(actual[index]?.[at], value));
    expect(wrong, `value ${index}, first element that differs`).toBe(-1);
  }
}

test.for([
  { simd: "relaxed", threads: 2, seed: 1 },
  { simd: "simd128", threads: 2, seed: 2 },
  { simd: "relaxed", threads: 3, seed: 106 },
  { simd: "simd128", threads: 3, seed: 121 },
  { simd: "relaxed", threads: 4, seed: 3 },
  { simd: "simd128", threads: 8, seed: 4 },
] as const)(
  "a program gives the same bits on 1 and on $threads threads: $simd, seed $seed",
  { timeout: 60_000 },
  async (setting) => {
    const options = { steps: 250, filterGradients: false };
    const expected = await runWith({ ...setting, threads: 1 }, setting.seed, options);
    expectSameBits(await runWith(setting, setting.seed, options), expected);
  },
);

test.for([
  ["2^31", 2 ** 31 - 1000],
  ["2^32", -1000],
] as const)("numbers of jobs go on past %s", { timeout: 60_000 }, async ([, firstJob]) => {
  const options = { steps: 250, filterGradients: true };
  const expected = await runWith({ simd: "relaxed", threads: 2 }, 7, options);
  expectSameBits(await runWith({ simd: "relaxed", threads: 2, firstJob }, 7, options), expected);
});

test.for([
  { simd: "simd128", threads: 2, seed: 5 },
  { simd: "relaxed", threads: 3, seed: 6 },
] as const)(
  "waiting for every kernel changes no bit: $threads threads, $simd, seed $seed",
  { timeout: 60_000 },
  async (setting) => {
    const options = { steps: 250, filterGradients: true };
    const expected = await runWith({ ...setting, waits: true }, setting.seed, options);
    expectSameBits(await runWith(setting, setting.seed, options), expected);
  },
);

test("a backend that is removed with jobs under way leaves them done", async () => {
  prepareEngine();
  const prepare = async (): Promise<BackendParts> => prepareParts(await compileKernels("simd128", true), 2, true);
  for (let round = 0; round < 6; round++) {
    registerParts(await prepare(), prepare);
    await tf.setBackend(BACKEND_NAME);
    const x = tf.ones<tf.Rank.R2>([256, 256]);
    const product = tf.tidy(() => tf.matMul(tf.matMul(x, x), x));
    tf.removeBackend(BACKEND_NAME);
    if (round % 2 === 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(product.dataSync().findIndex((value) => value !== 2 ** 16)).toBe(-1);
    tf.dispose([x, product]);
  }
});

test("workers that fell asleep take jobs of several tasks by themselves, and leave the caller those of one", async () => {
  prepareEngine();
  const parts = await prepareParts(await compileKernels("simd128", true), 3, true);
  const { kernels } = parts;
  const output = parts.allocator.allocate(1 << 20, () => "");
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const random = new RandomStream(3);
  for (let round = 0; round < 1500; round++) {
    // Around the time after which threads sleep.
    if (round % 3 > 0) Atomics.wait(pause, 0, 0, 3 * random.uniform());
    if (random.integer(2) === 0) kernels.fill(output, 10, round, 2);
    kernels.fill(output, 1 << 18, round, 2);
    const began = performance.now();
    while (kernels.done() !== kernels.published() && performance.now() - began < 5000);
    expect(kernels.done()).toBe(kernels.published());
    kernels.fill(output, 10, -round, 2);
    kernels.finish();
    expect(kernels.done()).toBe(kernels.published());
  }
  kernels.stop();
  await parts.terminate();
});
