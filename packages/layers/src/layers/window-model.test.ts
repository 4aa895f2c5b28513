import { describe, expect, test } from "vitest";
import golden from "../fixtures/models/window-model.json" with { type: "json" };
import { deserializeModel, serializeModel } from "../saving/serialization.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

describe.each(golden)("a network of layers that slide windows or change borders", (expected) => {
  const json: unknown = JSON.parse(expected.json);

  test("is read and written as Keras writes it", () => {
    expect(JSON.parse(JSON.stringify(serializeModel(deserializeModel(json))))).toEqual(json);
  });

  test("has Keras's summary", () => {
    expect(deserializeModel(json).summary().split("\n")).toEqual(expected.summary);
  });
});
