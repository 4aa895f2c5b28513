import { describe, expect, test } from "vitest";
import symbols from "../../../../tooling/checks/keras/keras-symbols.json" with { type: "json" };
import * as layers from "../index.ts";
import * as secondNames from "./second-names.ts";
import { deserializeLayer } from "./serialization.ts";

const isLayer = (value: unknown): value is typeof layers.Layer =>
  typeof value === "function" && value.prototype instanceof layers.Layer;

/** What is exported under another name than that which saved models have. */
const renamed = Object.entries<unknown>(layers).filter(
  ([name, value]) => isLayer(value) && value.className !== name && value !== layers.Model,
);

test("a layer's second names are those that Keras has, for the same class", () => {
  const here = Object.entries(symbols.groups.Layers.aliases).filter(([, name]) => name in layers);
  const named = renamed.map(([name, value]) => [name, (value as typeof layers.Layer).className]);
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(here));
  expect(named.length).toBeGreaterThan(18);
  for (const [name, value] of renamed) expect(secondNames).toHaveProperty(name, value);
});

describe("a model that names a layer by its second name", () => {
  test.each(renamed)("%s", (name, value) => {
    const config = name.includes("Conv")
      ? { filters: 2, kernel_size: 3 }
      : name.includes("Global")
        ? {}
        : { pool_size: 2 };
    const layer = deserializeLayer({ module: "keras.layers", class_name: name, config, registered_name: null }, "test");
    expect(layer).toBeInstanceOf(value);
    expect(layer.serialize()["class_name"]).toBe((value as typeof layers.Layer).className);
  });
});
