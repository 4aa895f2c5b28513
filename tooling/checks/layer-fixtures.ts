import { readFileSync, readdirSync } from "node:fs";
import type { GoldenLayer } from "../../packages/layers/src/testing/golden.ts";
import { type GoldenCall, goldenCall } from "../../packages/layers/src/testing/keras-numbers.ts";

/** Fixtures of layers that are told more than Keras's config says, which only their own tests know how. */
const withMoreThanConfig: ReadonlySet<string> = new Set(["augmenting.json", "normalization.json"]);

type Entry = GoldenLayer | GoldenCall;

const folder = new URL("../../packages/layers/src/fixtures/", import.meta.url);

/** Every fixture that holds what Keras gave for layers, with its cases. */
export const layerFixtures: readonly (readonly [string, readonly GoldenCall[]])[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json") && !withMoreThanConfig.has(file))
  .map(
    (file) => [file.replace(".json", ""), JSON.parse(readFileSync(new URL(file, folder), "utf8")) as unknown] as const,
  )
  .filter((fixture): fixture is readonly [string, Entry[]] => isOfLayers(fixture[1]))
  .map(([file, cases]) => [file, cases.map((entry) => ("inputs" in entry ? entry : goldenCall(entry)))]);

function isOfLayers(fixture: unknown): fixture is Entry[] {
  return Array.isArray(fixture) && fixture.every((entry: object) => "layer" in entry && "upstream" in entry);
}
