import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import * as networks from "../index.ts";
import { configHash } from "../testing/backbone-case.ts";

interface Case {
  readonly network: string;
  readonly options: object;
  readonly config: string;
}

const cases = JSON.parse(
  readFileSync(new URL("imagenet-configs.golden.json", import.meta.url), "utf8"),
) as readonly Case[];

vi.mock("#find-file", () => ({ findFile: () => Promise.resolve("none.h5") }));
vi.mock(import("../construction/load-weights.ts"), async (original) => ({
  ...(await original()),
  loadPublished: () => Promise.resolve(),
}));

test.for(cases)("$network $options is built as Keras builds it for published weights", async (entry) => {
  const backbone = new Map<string, unknown>(Object.entries(networks)).get(entry.network) as networks.Backbone;
  const model = await backbone.load({ ...entry.options, weights: "imagenet" });
  expect(configHash(model)).toBe(entry.config);
  model.dispose();
});
