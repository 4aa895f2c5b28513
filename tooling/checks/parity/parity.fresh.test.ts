import { type Device, openDevice } from "@featuremap/devices";
import { registerGradients } from "@featuremap/layers";
import { tolerances } from "@featuremap/testing/tolerances";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differences } from "./check-parity.ts";
import { parityCases } from "./fixtures.ts";
import { factsOf, hasFacts, runCase } from "./parity-case.ts";

const devices = [
  ["the wasm engine with 1 thread", "wasm", { threads: 1 }],
  ["the wasm engine with 2 threads", "wasm", { threads: 2 }],
  ["TensorFlow.js's cpu backend", "cpu", {}],
] as const;

describe.each(devices)("%s gives Keras's numbers", (_name, request, options) => {
  let device: Device;
  let compared = 0;

  beforeAll(async () => {
    device = await openDevice(request, options);
    registerGradients();
  });
  afterAll(() => device.dispose());

  test.each(parityCases.map((entry) => [entry.fixture, entry.name, entry] as const))(
    "%s: %s",
    async (_fixture, _case, entry) => {
      expect(differences(await runCase(entry), tolerances)).toEqual([]);
      compared++;
    },
  );

  test("in at least 600 cases", () => {
    expect(compared).toBeGreaterThanOrEqual(600);
  });
});

test.each(parityCases.filter(hasFacts).map((entry) => [entry.fixture, entry.name, entry] as const))(
  "%s: %s promises what Keras promises",
  (_fixture, _case, entry) => {
    const facts = factsOf(entry);
    expect(facts.map(({ name, actual }) => [name, actual])).toEqual(
      facts.map(({ name, expected }) => [name, expected]),
    );
  },
);
