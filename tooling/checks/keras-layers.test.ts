import { readFileSync, readdirSync } from "node:fs";
import { type Device, openDevice } from "@featuremap/devices";
import { registerGradients } from "@featuremap/layers";
import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GoldenLayer } from "../../packages/layers/src/testing/golden.ts";
import { type GoldenCall, expectKerasNumbers, goldenCall } from "../../packages/layers/src/testing/keras-numbers.ts";

/**
 * The allowed difference from Keras on the wasm engine, as a share of the larger of the element and the mean magnitude of
 * its array.
 */
const tolerance = 1e-5;

/** Fixtures of layers that are told more than Keras's config says, which only their own tests know how. */
const withMoreThanConfig: ReadonlySet<string> = new Set(["augmenting.json", "normalization.json"]);

type Entry = GoldenLayer | GoldenCall;

const folder = new URL("../../packages/layers/src/fixtures/", import.meta.url);

/** Every fixture that holds what Keras gave for layers, with its cases. */
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith(".json") && !withMoreThanConfig.has(file))
  .map(
    (file) => [file.replace(".json", ""), JSON.parse(readFileSync(new URL(file, folder), "utf8")) as unknown] as const,
  )
  .filter((fixture): fixture is readonly [string, Entry[]] => isOfLayers(fixture[1]));

function isOfLayers(fixture: unknown): fixture is Entry[] {
  return Array.isArray(fixture) && fixture.every((entry: object) => "layer" in entry && "upstream" in entry);
}

describe.each([1, 2])("the wasm engine with %d threads gives Keras's numbers", (threads) => {
  let device: Device;

  beforeAll(async () => {
    device = await openDevice("wasm", { threads });
    registerGradients();
  });
  afterAll(() => device.dispose());
  expectNoTensorLeaks();

  describe.each(fixtures)("%s", (_file, cases) => {
    test.each(cases.map((entry) => [entry.name, entry] as const))("%s", (_name, entry) => {
      expectKerasNumbers("inputs" in entry ? entry : goldenCall(entry), tolerance);
    });
  });
});

test("there are fixtures for what is compared here", () => {
  expect(fixtures.length).toBeGreaterThan(30);
});
