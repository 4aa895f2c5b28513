import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Flatten } from "./flatten.ts";

useBackend(registerGradients);

describe("Flatten", () => {
  checkLayerContract(() => new Flatten(), { inputShape: [2, 3, 4, 2] });

  test("knows no length where an axis varies", () => {
    expect(new Flatten().outputShape([8, null, 3])).toEqual([8, null]);
  });

  test("rejects an unknown data format", () => {
    expect(() => new Flatten({ dataFormat: "NCHW" as "channelsFirst" })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "dataFormat" }),
    );
  });
});
