import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Dense } from "./dense.ts";

useBackend(registerGradients);

describe("Dense", () => {
  checkLayerContract(() => new Dense({ units: 3, activation: "sigmoid" }), { inputShape: [2, 4] });

  describe("over three axes", () => {
    checkLayerContract(() => new Dense({ units: 3, activation: "softmax", useBias: false }), { inputShape: [2, 3, 4] });
  });

  test("has 2,048,000 weights between 4096 inputs and 500 units", () => {
    const layer = new Dense({ units: 500, useBias: false });
    layer.build([null, 4096]);
    expect(layer.countParams()).toBe(2_048_000);
  });

  test.for([0, -1, 2.5, Number.NaN])("rejects %s units", (units) => {
    expect(() => new Dense({ units })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "units" }));
  });

  test.for([
    ["one axis", [null]],
    ["inputs of unknown length", [null, null]],
  ] as const)("rejects %s", ([, shape]) => {
    expect(() => new Dense({ units: 1 }).outputShape(shape)).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });

  test("rejects another number of inputs than it was built for", () => {
    const layer = new Dense({ units: 1 });
    layer.build([null, 4]);
    expect(() => layer.build([null, 5])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});
