import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Device,
  type KernelCase,
  type KernelCheck,
  checkKernel,
} from "@featuremap/operations/~internal/testing/check-kernel";
import { chance } from "@featuremap/operations/~internal/testing/draw";
import { kernelChecks } from "@featuremap/operations/~internal/testing/kernel-checks";
import { tensorflowChecks } from "@featuremap/operations/~internal/testing/tensorflow-checks";
import { BACKEND_NAME, type WasmBackend } from "../engine/backend.ts";
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

const operations: readonly KernelCheck[] = [...tensorflowChecks, ...kernelChecks];

/** Printed with a failing case. */
function describeCall({ inputs, attrs }: KernelCase): string {
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
  let wasm: WasmBackend | undefined;
  let cpu: Device | undefined;

  beforeAll(async () => {
    const { name } = await registerWasmBackend({ threads });
    cpu = { name: "cpu", backend: tf.findBackend("cpu") };
    await tf.setBackend(name);
    wasm = tf.backend() as WasmBackend;
  });

  afterAll(() => {
    tf.removeBackend("featuremap-wasm");
  });

  test.for(operations.map((operation) => [operation.name, operation] as const))("%s", async ([name, operation]) => {
    const failures: string[] = [];
    for (const number of numbers) {
      const random = new RandomStream(seed).fork(`${name} ${number} of ${threads}`);
      const call = operation.generate(random);
      const placed = chance(random, 0.5);
      // Where the inputs are not moved into the memory first, the kernel itself has to.
      const place = placed ? (tensor: tf.TensorInfo) => void wasm?.pointer(tensor) : undefined;
      const device: Device = { name: BACKEND_NAME, backend: wasm as WasmBackend, place };
      const found = await checkKernel(operation, call, device, cpu as Device);
      if (found === undefined) continue;
      failures.push(`FEATUREMAP_FUZZ_SEED=${seed} FEATUREMAP_FUZZ_CASE=${number}: ${found}\n${describeCall(call)}`);
      if (failures.length === 3) break;
    }
    expect(failures).toEqual([]);
  });
});
