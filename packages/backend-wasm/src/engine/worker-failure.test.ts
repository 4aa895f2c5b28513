import { spawnSync } from "node:child_process";
import { once } from "node:events";
import type { Worker, WorkerOptions } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { BACKEND_NAME, type BackendParts } from "./backend.ts";
import { compileKernels } from "./binary.ts";
import { registerWasmBackend } from "../index.ts";
import { prepareParts } from "./parts.ts";
import { startWorkers } from "./platform.node.ts";
import { registerParts } from "../register.ts";

/** A backend whose workers fail in a way; see `testing/faulty-worker.mjs`. */
async function prepareFaulty(fault: string, options: WorkerOptions = {}, firstJob = 0): Promise<BackendParts> {
  const script = new URL("../testing/faulty-worker.mjs", import.meta.url);
  const module = await compileKernels("simd128", true);
  return prepareParts(module, 2, true, (start) => startWorkers(start, script, { argv: [fault, firstJob], ...options }));
}

/** Registers as users do, and gives the worker that was started. */
async function registerWithWorker(): Promise<Worker> {
  const started = once(process, "worker") as Promise<[Worker]>;
  await registerWasmBackend({ threads: 2 });
  await tf.setBackend(BACKEND_NAME);
  return (await started)[0];
}

function errorOf(operation: () => void): Error | undefined {
  try {
    operation();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** A tensor's first value, or the name of the error of reading it. */
function readOrError(tensor: tf.Tensor): unknown {
  const values: number[] = [];
  return errorOf(() => void values.push(...tensor.dataSync().slice(0, 1)))?.name ?? values[0];
}

/** The error of the operation during which the worker takes a task: hardly ever not the first one. */
function computeUntilFailure(x: tf.Tensor): Error | undefined {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const error = errorOf(() => tf.square(x).dispose());
    if (error !== undefined) return error;
  }
  return undefined;
}

afterEach(() => {
  if (tf.findBackendFactory(BACKEND_NAME) !== null) tf.removeBackend(BACKEND_NAME);
});

describe("a worker that fails while it holds a task", () => {
  test.for([
    ["trap", /a worker thread failed while computing Square: RuntimeError: memory access out of bounds/],
    ["throw", /a worker thread failed while computing Square: Error: this worker was told to throw/],
    ["exit", /a worker thread failed while computing Square: it was terminated/],
  ] as const)("%s: ends the operation and every later one with a clear error", async ([fault, message]) => {
    registerParts(await prepareFaulty(`task-${fault}`), () => prepareFaulty(`task-${fault}`));
    await tf.setBackend(BACKEND_NAME);
    const x = tf.ones([1 << 20]);
    const before = tf.memory().numTensors;
    const began = performance.now();
    const error = computeUntilFailure(x);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(error).toMatchObject({
      name: "DeviceLostError",
      code: "DEVICE_LOST",
      message: expect.stringMatching(message),
    });
    expect(error?.cause).toBeInstanceOf(Error);
    expect(tf.memory().numTensors).toBe(before);

    for (const operation of [() => tf.add(x, 1), () => tf.erf(x), () => tf.tensor1d([1, 2])]) {
      const again = performance.now();
      expect(errorOf(operation)?.message).toBe(error?.message);
      expect(performance.now() - again).toBeLessThan(500);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(errorOf(() => tf.add(x, 1))?.message).toBe(error?.message);

    expect((await x.data()).every((value) => value === 1)).toBe(true);
    await tf.setBackend("cpu");
    const moved = tf.tidy(() => tf.sum(tf.mul(x, 2)));
    expect(await moved.data()).toEqual(Float32Array.of(2 << 20));
    tf.dispose([x, moved]);
  });

  test("does not keep the backend from being registered anew", async () => {
    registerParts(await prepareFaulty("task-trap"), () => prepareFaulty("task-trap"));
    await tf.setBackend(BACKEND_NAME);
    const x = tf.ones([1 << 20]);
    expect(computeUntilFailure(x)).toBeInstanceOf(Error);
    x.dispose();
    tf.removeBackend(BACKEND_NAME);
    await registerWasmBackend({ threads: 2 });
    await tf.setBackend(BACKEND_NAME);
    const nine = tf.tidy(() => tf.square(tf.scalar(3)));
    expect(await nine.data()).toEqual(Float32Array.of(9));
    nine.dispose();
  });
});

describe("a worker that fails while operations are queued", () => {
  test.for(["trap", "exit"])("%s: leaves what was computed before, and nothing else, to be read", async (fault) => {
    const prepare = async (): Promise<BackendParts> => prepareFaulty(`task-${fault}`, {}, 4);
    registerParts(await prepare(), prepare);
    await tf.setBackend(BACKEND_NAME);
    const before = tf.memory().numTensors;
    const x = tf.tensor1d(new Float32Array(1 << 22).fill(3));
    const earlier = tf.square(x);
    // The first upload during a job makes room for those that follow, and waits.
    const sum = tf.tidy(() => tf.add(earlier, tf.tensor1d([1])));
    expect(sum.dataSync()[9]).toBe(10);
    const shared = tf.reshape(earlier, [2, -1]);
    const host = tf.tensor1d(new Float32Array(70_000).fill(2));
    const weight = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
    const queued: tf.Tensor[] = [];
    for (let count = 0; count < 6; count++) queued.push(tf.neg(queued.at(-1) ?? earlier));
    queued.push(tf.add(host, 1), tf.mul(weight, 2));

    // The fault may come at any job but the first, and those after it are never done.
    const expected = [-9, 9, -9, 9, -9, 9, 3, 2, 2, 1];
    const tensors = [...queued, host, weight];
    const reads = tensors.map((tensor) => readOrError(tensor));
    const lost = reads.indexOf("DeviceLostError");
    expect(lost).toBeGreaterThan(0);
    expect(reads).toEqual([...expected.slice(0, lost), ...expected.slice(lost).map(() => "DeviceLostError")]);
    expect(tensors.map((tensor) => readOrError(tensor))).toEqual(reads);
    expect([x, earlier, shared, sum].map((tensor) => readOrError(tensor))).toEqual([3, 9, 9, 10]);
    expect(earlier.dataSync().every((value) => value === 9)).toBe(true);
    expect(errorOf(() => tf.square(earlier))?.name).toBe("DeviceLostError");
    tf.dispose([x, sum, shared, earlier, ...tensors]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("a worker that ends between two operations", () => {
  test("fails the next one, and registering, until the backend is removed", async () => {
    const worker = await registerWithWorker();
    const x = tf.tidy(() => tf.square(tf.ones([1000])));
    await worker.terminate();
    const lost = expect.objectContaining({
      code: "DEVICE_LOST",
      message: expect.stringContaining("a worker thread failed: it exited with code 1"),
    });
    expect(() => tf.square(x)).toThrow(lost);
    expect(() => tf.square(x)).toThrow(lost);
    await expect(registerWasmBackend({ threads: 2 })).rejects.toThrow(lost);
    expect((await x.data())[999]).toBe(1);
    x.dispose();
    tf.removeBackend(BACKEND_NAME);
    expect(await registerWasmBackend({ threads: 2 })).toMatchObject({ threads: 2 });
  });
});

describe("a worker that does not start", () => {
  test.for([
    ["throw", /one of 1 worker threads did not start: this worker was told to throw/, {}],
    ["exit", /did not start: it exited with code 5/, {}],
    [
      "memory",
      /did not start: Worker terminated due to reaching memory limit/,
      { resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 } },
    ],
  ] as const)("%s: is reported with its own error", async ([fault, message, options]) => {
    await expect(prepareFaulty(fault, options)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringMatching(message),
      cause: expect.any(Error),
    });
  });

  test("is not waited for longer than 30 seconds where it says nothing", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const started = once(process, "worker") as Promise<[Worker]>;
    const attempt = prepareFaulty("silent").catch((error: unknown) => error);
    const [worker] = await started;
    const ended = once(worker, "exit");
    vi.advanceTimersByTime(30_000);
    vi.useRealTimers();
    expect(await attempt).toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("one of 1 worker threads did not start: it has not reported for 30 seconds"),
    });
    await ended;
  });
});

test("a process whose worker has failed says so once and exits by itself", () => {
  const script = `
    import { once } from "node:events";
    import { registerWasmBackend } from "@featuremap/backend-wasm";
    import * as tf from "@tensorflow/tfjs-core";
    const started = once(process, "worker");
    await registerWasmBackend({ threads: 2 });
    await tf.setBackend("featuremap-wasm");
    const [worker] = await started;
    await worker.terminate();
    tf.square(tf.ones([100000]));
  `;
  const options = { cwd: new URL("../..", import.meta.url), encoding: "utf8", timeout: 20_000 } as const;
  const { stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], options);
  expect(stderr.match(/DeviceLostError: featuremap-wasm: a worker thread failed/g)).toHaveLength(1);
  expect(status).toBe(1);
});
