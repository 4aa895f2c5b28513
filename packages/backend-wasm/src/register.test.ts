import { spawnSync } from "node:child_process";
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { WasmBackend } from "./engine/backend.ts";
import { compileKernels, widestSimd } from "./engine/binary.ts";
import { registerWasmBackend } from "./index.ts";

afterEach(() => {
  if (tf.findBackendFactory("featuremap-wasm") !== null) tf.removeBackend("featuremap-wasm");
});

describe("registerWasmBackend", () => {
  test.for([0, 65, 1.5, 1e9, Number.NaN, "2", null])("refuses %j threads", async (threads) => {
    await expect(registerWasmBackend({ threads: threads as number })).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      option: "threads",
    });
  });

  test.for([
    [{ thread: 2 }, 'among those it has (did you mean threads?), received "thread"'],
    [4, "received 4"],
    [null, "received null"],
  ] as const)("refuses %j as options", async ([options, message]) => {
    await expect(registerWasmBackend(options as object)).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining(message),
    });
  });

  test("says what it uses, and shares memory only between several threads", async () => {
    expect(await registerWasmBackend({ threads: 2 })).toEqual({
      name: "featuremap-wasm",
      threads: 2,
      simd: "relaxed",
      sharedMemory: true,
    });
    tf.removeBackend("featuremap-wasm");
    expect(await registerWasmBackend({ threads: 1 })).toMatchObject({ threads: 1, sharedMemory: false });
  });

  test("keeps the backend that is there, with its tensors, where as many threads are asked for or any", async () => {
    const { name } = await registerWasmBackend({ threads: 2 });
    await tf.setBackend(name);
    const backend = tf.backend();
    const held = tf.tidy(() => tf.square(tf.scalar(3)));
    const infos = await Promise.all([registerWasmBackend({ threads: 2 }), registerWasmBackend()]);
    expect(infos.map(({ threads }) => threads)).toEqual([2, 2]);
    expect(tf.backend()).toBe(backend);
    expect(await held.data()).toEqual(Float32Array.of(9));
    held.dispose();
  });

  test("refuses another number of threads until the backend is removed", async () => {
    await registerWasmBackend({ threads: 2 });
    await expect(registerWasmBackend({ threads: 1 })).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      option: "threads",
      message: expect.stringMatching(/must be 2, .* until removeBackend\("featuremap-wasm"\) .*, received 1/),
    });
    tf.removeBackend("featuremap-wasm");
    expect(await registerWasmBackend({ threads: 1 })).toMatchObject({ threads: 1 });
  });

  test("registers once where it is called twice at a time", async () => {
    const started: Worker[] = [];
    const note = (worker: Worker): void => void started.push(worker);
    process.on("worker", note);
    await Promise.all([registerWasmBackend({ threads: 3 }), registerWasmBackend({ threads: 3 })]);
    process.off("worker", note);
    expect(started.length).toBe(2);
  });

  test.for([true, false])("ends its threads when it is removed, used or not: %s", async (used) => {
    const started: Worker[] = [];
    const note = (worker: Worker): void => void started.push(worker);
    process.on("worker", note);
    const { name } = await registerWasmBackend({ threads: 3 });
    process.off("worker", note);
    if (used) await tf.setBackend(name);
    const ends = started.map((worker) => once(worker, "exit"));
    tf.removeBackend(name);
    expect(await Promise.all(ends)).toHaveLength(2);
  });

  test("warns of more threads than cores, and computes with them", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await registerWasmBackend({ threads: 64 });
    await registerWasmBackend({ threads: 64 });
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/64 threads share \d+ cores/)]]);
    warn.mockRestore();
    await tf.setBackend("featuremap-wasm");
    const x = tf.mul(tf.ones([1000, 1000]), 2);
    const y = tf.square(x);
    expect((await y.data()).every((value) => value === 4)).toBe(true);
    tf.dispose([x, y]);
  });

  test.for([1, 2, 3])("gives the same bits each time with %d threads", async (threads) => {
    const results: Float32Array[] = [];
    for (let run = 0; run < 2; run++) {
      if (run > 0) tf.removeBackend("featuremap-wasm");
      await registerWasmBackend({ threads });
      await tf.setBackend("featuremap-wasm");
      const x = tf.randomNormal<tf.Rank.R4>([4, 12, 12, 8], 0, 1, "float32", 3);
      const dy = tf.randomNormal<tf.Rank.R4>([4, 10, 10, 24], 0, 1, "float32", 4);
      const attrs = { strides: 1, pad: "valid", dataFormat: "NHWC", filterShape: [3, 3, 8, 24] };
      const gradient = tf.engine().runKernel<tf.Tensor>("Conv2DBackpropFilter", { x, dy }, attrs);
      results.push((await gradient.data()) as Float32Array);
      tf.dispose([x, dy, gradient]);
    }
    expect(results[0]).toEqual(results[1]);
  });

  test("threads see the memory that has just grown", async () => {
    for (let round = 0; round < 4; round++) {
      await registerWasmBackend({ threads: 2 });
      await tf.setBackend("featuremap-wasm");
      const held: tf.Tensor[] = [];
      for (let step = 0; step < 60; step++) {
        const input = tf.ones<tf.Rank.R4>([8, 32, 32, 8]);
        const dy = tf.ones([8, 16, 16, 8]);
        const attrs = { filterSize: 2, strides: 2, pad: "valid" };
        // Its threads begin by filling what was allocated a moment ago.
        held.push(tf.engine().runKernel<tf.Tensor>("MaxPoolGrad", { dy, input, output: dy }, attrs), input);
        dy.dispose();
      }
      expect([...(await (held.at(-2) as tf.Tensor).data()).subarray(0, 16)]).toEqual([
        ...Array(8).fill(1),
        ...Array(8).fill(0),
      ]);
      tf.dispose(held);
      tf.removeBackend("featuremap-wasm");
    }
  });

  test("starts anew, threads and memory, once TensorFlow.js has been reset", async () => {
    await registerWasmBackend({ threads: 2 });
    await tf.setBackend("featuremap-wasm");
    const usedBytes = (): number => (tf.backend() as WasmBackend).memory().usedBytes;
    const before = usedBytes();
    tf.square(tf.ones([1 << 20]));
    expect(usedBytes()).toBeGreaterThan(before + (1 << 20));
    tf.engine().reset();
    await tf.setBackend("featuremap-wasm");
    expect(usedBytes()).toBe(before);
    const y = tf.square(tf.mul(tf.ones([1 << 20]), 3));
    expect((await y.data()).every((value) => value === 9)).toBe(true);
    tf.engine().reset();
  });

  test("has a binary for engines with and without relaxed SIMD, for shared memory and for memory of its own", async () => {
    expect(widestSimd()).toBe("relaxed");
    for (const shared of [true, false]) {
      for (const simd of ["relaxed", "simd128"] as const) {
        const imports = WebAssembly.Module.imports(await compileKernels(simd, shared));
        expect(imports).toContainEqual(expect.objectContaining({ module: "env", name: "memory", kind: "memory" }));
      }
    }
  });

  test("lets the process exit by itself while its threads wait", () => {
    const script = `
      import { registerWasmBackend } from "@featuremap/backend-wasm";
      import * as tf from "@tensorflow/tfjs-core";
      await registerWasmBackend({ threads: 2 });
      await tf.setBackend("featuremap-wasm");
      console.log((await tf.add(1, 2).data())[0]);
    `;
    const options = { cwd: new URL("..", import.meta.url), encoding: "utf8", timeout: 20_000 } as const;
    const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], options);
    expect({ stdout, status }).toEqual({ stdout: "3\n", status: 0 });
  });
});
