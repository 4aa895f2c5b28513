import { openDevice } from "@featuremap/devices";
import { useBackend } from "@featuremap/testing/backend";
import { tolerances } from "@featuremap/testing/tolerances";
import { describe, expect, test } from "vitest";
import { kerasUniform } from "./keras-random.ts";
import golden from "./networks.golden.json" with { type: "json" };
import { differences, networks } from "./networks.ts";

test.each(golden.random)("the generator is Keras's: $size numbers", ({ size, low, high, seed, ...expected }) => {
  const { data } = kerasUniform([size], low, high, [seed[0] ?? 0, seed[1] ?? 0]);
  expect([...data.subarray(0, 5)]).toEqual(expected.first.map(Math.fround));
  expect([...data.subarray(-5)]).toEqual(expected.last.map(Math.fround));
  const sumOfBits = new Uint32Array(data.buffer).reduce((sum, bits) => (sum + bits) >>> 0, 0);
  expect(sumOfBits).toBe(expected.sumOfBits);
});

test("every network is there, with five steps", () => {
  expect(golden.networks.map(({ name, losses, batches }) => [name, losses.length, batches.length])).toEqual(
    ["N1", "N2", "N3", "N4", "N5", "N6"].map((name) => [name, 5, 5]),
  );
  expect(networks.map(({ name, expected }) => [name, expected.losses.length])).toEqual(
    golden.networks.map(({ name }) => [name, 5]),
  );
});

const devices = [
  ["the wasm engine with 1 thread", "wasm", { threads: 1 }],
  ["the wasm engine with 2 threads", "wasm", { threads: 2 }],
  ["TensorFlow.js's cpu backend", "cpu", {}],
] as const;

describe.each(devices)("%s trains as Keras does", (_name, request, options) => {
  useBackend(() => openDevice(request, options));

  test.each(networks)(
    "$name",
    async ({ train, expected }) => {
      expect(differences(await train(), expected, tolerances.steps)).toEqual([]);
    },
    300_000,
  );
});
