import { OutOfMemoryError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test } from "vitest";
import { BACKEND_NAME, type BackendParts, type WasmBackend } from "./backend.ts";
import { compileKernels } from "./binary.ts";
import { prepareParts } from "./parts.ts";
import { prepareEngine, startWorkers } from "./platform.node.ts";
import { registerParts } from "../register.ts";

/** Files of one package share their imports, and what one leaves is not the next one's fault. */
const tensorsBefore = tf.memory().numTensors;

/** With two threads, jobs wait until the caller needs them: the other takes none. */
async function register(threads: number): Promise<BackendParts> {
  prepareEngine();
  const script = new URL("../testing/faulty-worker.mjs", import.meta.url);
  const prepare = async (): Promise<BackendParts> =>
    prepareParts(await compileKernels("simd128", threads > 1), threads, threads > 1, (start) =>
      startWorkers(start, script, { argv: ["task-throw", Number.MAX_SAFE_INTEGER] }),
    );
  const parts = await prepare();
  registerParts(parts, prepare);
  await tf.setBackend(BACKEND_NAME);
  return parts;
}

/** Has the allocator throw at a purpose. */
function failAt(purpose: string, error: Error, { allocator }: BackendParts): void {
  const allocate = allocator.allocate.bind(allocator);
  allocator.allocate = (bytes, why) => {
    if (why() === purpose) throw error;
    return allocate(bytes, why);
  };
}

const STAGING = "an upload of values";

afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensorsBefore);
  tf.removeBackend(BACKEND_NAME);
});

test.for([1, 2])(
  "values that a kernel passes on outlive the tensor they came from, with %d thread(s)",
  async (threads) => {
    await register(threads);
    const squares = tf.tidy(() => tf.mul(tf.ones([1000]), 9));
    const pair = tf.complex(squares, squares);
    const real = tf.real(pair);
    tf.dispose([squares, pair]);
    const others = tf.tidy(() => tf.mul(tf.ones([1000]), 5));
    expect(real.dataSync()).toEqual(new Float32Array(1000).fill(9));
    tf.dispose([real, others]);
  },
);

describe("values from the host while jobs are under way", () => {
  test("are written once these are done where there is no room to stage them", async () => {
    const parts = await register(2);
    failAt(STAGING, new OutOfMemoryError("no room", 0, 0, ""), parts);
    const [x, values] = [tf.ones([1 << 20]), tf.tensor1d([1, 2, 3])];
    const [square, doubled] = [tf.square(x), tf.add(values, values)];
    expect(doubled.dataSync()).toEqual(Float32Array.of(2, 4, 6));
    expect(square.dataSync().every((value) => value === 1)).toBe(true);
    tf.dispose([x, values, square, doubled]);
  });

  test("are still the tensor's where writing them failed", async () => {
    const parts = await register(2);
    failAt(STAGING, new RangeError("Maximum call stack size exceeded"), parts);
    const [x, values] = [tf.ones([1 << 20]), tf.tensor1d([1, 2, 3])];
    const used = (): number => (tf.backend() as WasmBackend).memory().usedBytes;
    const square = tf.square(x);
    const before = used();
    expect(() => tf.square(values)).toThrow("Maximum call stack");
    expect(used()).toBe(before);
    expect(values.dataSync()).toEqual(Float32Array.of(1, 2, 3));
    square.dataSync();
    const doubled = tf.add(values, values);
    expect(doubled.dataSync()).toEqual(Float32Array.of(2, 4, 6));
    tf.dispose([x, values, square, doubled]);
  });

  test("do not pass through memory that these still read", async () => {
    await register(2);
    // As large as the room for values on their way.
    const twos = tf.tidy(() => tf.add(tf.ones([1 << 20]), 1));
    twos.dataSync();
    const negative = tf.neg(twos);
    twos.dispose();
    const other = tf.tidy(() => tf.neg(tf.tensor1d(new Float32Array(100).fill(7))));
    expect(negative.dataSync().findIndex((value) => value !== -2)).toBe(-1);
    expect(other.dataSync().findIndex((value) => value !== -7)).toBe(-1);
    tf.dispose([negative, other]);
  });

  test("arrive whole however many there are", async () => {
    await register(2);
    const negatives = Array.from({ length: 12 }, (_, index) =>
      tf.tidy(() => tf.neg(tf.tensor1d(new Float32Array(400_000).fill(index)))),
    );
    for (const [index, negative] of negatives.entries()) {
      expect(negative.dataSync().findIndex((value) => value !== 0 - index)).toBe(-1);
    }
    tf.dispose(negatives);
  });

  test("take their tensor's room, of whichever type the host's array is", async () => {
    await register(2);
    const x = tf.ones([1 << 20]);
    const square = tf.square(x);
    const backend = tf.backend() as WasmBackend;
    const dataId = backend.write(Float32Array.of(1, 0, 1), [3], "bool");
    const mask = tf.engine().makeTensorFromDataId(dataId, [3], "bool");
    const opposite = tf.logicalNot(mask);
    expect(opposite.dataSync()).toEqual(Uint8Array.of(0, 1, 0));
    tf.dispose([x, square, mask, opposite]);
  });
});

test("an operation that fails after it has launched jobs leaves later ones right", async () => {
  await register(2);
  const backend = tf.backend() as WasmBackend;
  const x = tf.tensor1d(new Float32Array(1 << 16).fill(2));
  for (let round = 0; round < 20; round++) {
    const fail = (): void =>
      backend.run("failing", () => {
        backend.withWorkspace(1 << 20, (work) => backend.kernels.fill(work, 1 << 18, -1, 2));
        const { pointer } = backend.output([1 << 16]);
        backend.kernels.fill(pointer, 1 << 16, -1, 2);
        backend.output([2 ** 30]);
      });
    const square = tf.square(x);
    expect(fail).toThrow(OutOfMemoryError);
    const after = tf.tidy(() => tf.add(square, tf.tensor1d(new Float32Array(1 << 16).fill(round))));
    expect(after.dataSync().findIndex((value) => value !== 4 + round)).toBe(-1);
    tf.dispose([square, after]);
  }
  x.dispose();
});
