import { type Device, openDevice } from "@featuremap/devices";
import { registerGradients } from "@featuremap/layers";
import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectKerasNumbers } from "../../packages/layers/src/testing/keras-numbers.ts";
import { layerFixtures } from "./layer-fixtures.ts";

/**
 * The allowed difference from Keras on the wasm engine, as a share of the larger of the element and the mean magnitude of
 * its array.
 */
const tolerance = 1e-5;

describe.each([1, 2])("the wasm engine with %d threads gives Keras's numbers", (threads) => {
  let device: Device;

  beforeAll(async () => {
    device = await openDevice("wasm", { threads });
    registerGradients();
  });
  afterAll(() => device.dispose());
  expectNoTensorLeaks();

  describe.each(layerFixtures)("%s", (_file, cases) => {
    test.each(cases.map((entry) => [entry.name, entry] as const))("%s", (_name, entry) => {
      expectKerasNumbers(entry, tolerance);
    });
  });
});

test("there are fixtures for what is compared here", () => {
  expect(layerFixtures.length).toBeGreaterThan(30);
});
