import { OutOfMemoryError, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BACKEND_NAME, type WasmBackend } from "./backend.ts";
import { checkKernel } from "@featuremap/operations/~internal/testing/check-kernel";
import { kernelChecks } from "@featuremap/operations/~internal/testing/kernel-checks";
import { convolution } from "@featuremap/operations/~internal/testing/tensorflow-cases/convolution";
import { elementwise } from "@featuremap/operations/~internal/testing/tensorflow-cases/elementwise";
import { image } from "@featuremap/operations/~internal/testing/tensorflow-cases/image";
import { product } from "@featuremap/operations/~internal/testing/tensorflow-cases/product";
import { reduction } from "@featuremap/operations/~internal/testing/tensorflow-cases/reduction";
import { shaping } from "@featuremap/operations/~internal/testing/tensorflow-cases/shaping";
import { registerWasmBackend } from "../index.ts";

/** Files of one package share their imports, and what one leaves is not the next one's fault. */
const tensorsBefore = tf.memory().numTensors;

const GIB = 2 ** 30;

function backend(): WasmBackend {
  return tf.backend() as WasmBackend;
}

/** A tensor whose memory nothing touches, so that it takes none of the machine's. */
function hold(bytes: number): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(backend().output([bytes / 4]).info);
}

/** Takes 64 MiB at a time until the memory is full. */
function fill(): { held: tf.Tensor[]; error: unknown } {
  const held: tf.Tensor[] = [];
  for (;;) {
    try {
      held.push(hold(GIB / 16));
    } catch (error) {
      return { held, error };
    }
  }
}

describe.for([1, 2])("with %d thread(s)", (threads) => {
  beforeEach(async () => {
    await registerWasmBackend({ threads });
    await tf.setBackend(BACKEND_NAME);
  });
  afterEach(() => {
    tf.removeBackend(BACKEND_NAME);
  });

  test("memory grows to 4 GiB; past it the error names the tensor, and the backend remains usable", async () => {
    const resident = process.memoryUsage.rss();
    const x = tf.ones([512, 512]);
    const { held, error } = fill();
    expect(backend().memory().reservedBytes).toBeGreaterThan(3.9 * GIB);
    expect(held.length).toBeGreaterThanOrEqual(61);
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error).toMatchObject({
      code: "OUT_OF_MEMORY",
      bytesWanted: GIB / 16,
      bytesInUse: backend().memory().usedBytes,
      message: expect.stringMatching(
        /^Out of memory: a float32 tensor of shape \[16777216\] needs 67108864 bytes \(64\.0 MiB\); [\d.]+ MiB of [\d.]+ MiB are in use/,
      ),
    });

    // An operation whose result finds no room leaves nothing behind; one whose result does goes on.
    const { usedBytes } = backend().memory();
    const tensors = tf.memory().numTensors;
    expect(() => tf.tile(x, [8, 8])).toThrow(/a float32 tensor of shape \[4096, 4096\] needs 67108864 bytes/);
    expect(() => tf.tidy(() => tf.tile(tf.square(x), [8, 8]))).toThrow(OutOfMemoryError);
    expect(backend().memory().usedBytes).toBe(usedBytes + 4 * 512 * 512 + 64);
    expect(tf.memory().numTensors).toBe(tensors);
    const nine = tf.tidy(() => tf.square(tf.scalar(3)));
    expect(await nine.data()).toEqual(Float32Array.of(9));

    held.pop()?.dispose();
    const sum = tf.tidy(() => tf.sum(tf.tile(x, [7, 7])));
    expect(await sum.data()).toEqual(Float32Array.of(49 * 512 * 512));
    expect(process.memoryUsage.rss() - resident).toBeLessThan(GIB / 2);
    tf.dispose([...held, x, nine, sum]);
  });

  test("room held by small tensors that are gone serves a large one", () => {
    const { held } = fill();
    const small: tf.Tensor[] = [];
    expect(() => {
      for (;;) small.push(hold(8192));
    }).toThrow(/a float32 tensor of shape \[2048\]/);
    held.pop()?.dispose();
    while (small.length < 1e5) {
      try {
        small.push(hold(8192));
      } catch {
        break;
      }
    }
    tf.dispose(small);
    const large = hold(GIB / 16);
    tf.dispose([...held, large]);
  });

  test("working memory that no longer fits is asked for by name, and given back", () => {
    const { held } = fill();
    while (tf.memory().numTensors < 1e5) {
      try {
        held.push(hold(8192));
      } catch {
        break;
      }
    }
    const { usedBytes } = backend().memory();
    expect(() => backend().run("a test", () => backend().reserveScratch(1 << 26))).toThrow(
      /the threads' working memory needs/,
    );
    expect(() => backend().run("a test", () => backend().withWorkspace(1 << 20, () => 0))).toThrow(
      /a kernel's working memory needs 1048576 bytes/,
    );
    expect(backend().memory().usedBytes).toBe(usedBytes);
    tf.dispose(held);
  });

  test("kernels compute as ever above 2 GiB", async () => {
    const wasm = backend();
    const cpu = { name: "cpu", backend: tf.findBackend("cpu") };
    const low = hold(2.25 * GIB);
    const failures: string[] = [];
    const operations = [
      ...elementwise,
      ...shaping,
      ...reduction,
      ...product,
      ...convolution,
      ...image,
      ...kernelChecks,
    ];
    for (const operation of operations) {
      for (let number = 0; number < 4; number++) {
        const call = operation.generate(new RandomStream(11).fork(`${operation.name} ${number}`));
        const place = number % 2 === 0 ? (tensor: tf.TensorInfo) => void wasm.pointer(tensor) : undefined;
        tf.engine().startScope();
        const found = await checkKernel(operation, call, { name: BACKEND_NAME, backend: wasm, place }, cpu);
        tf.engine().endScope();
        if (found !== undefined) failures.push(`${operation.name} ${number}: ${found}`);
      }
    }
    expect(failures).toEqual([]);
    low.dispose();
  });
});

test("no tensor was left behind", () => {
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});
