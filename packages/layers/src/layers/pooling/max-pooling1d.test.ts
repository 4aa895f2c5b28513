import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { MaxPooling1D } from "./max-pooling1d.ts";

useBackend(registerGradients);

describe("MaxPooling1D", () => {
  checkLayerContract(() => new MaxPooling1D({ poolSize: 2 }), { inputShape: [2, 6, 3] });

  describe("with overlapping windows and channels first", () => {
    const windows = { poolSize: 3, strides: 2, padding: "same", dataFormat: "channelsFirst" } as const;
    checkLayerContract(() => new MaxPooling1D(windows), { inputShape: [1, 3, 5] });
  });

  test("makes 3 of 7 with a window of 3 and stride 2", () => {
    expect(new MaxPooling1D({ poolSize: 3, strides: 2 }).outputShape([null, 7, 1])).toEqual([null, 3, 1]);
  });

  test("has windows of 2 by default", () => {
    expect(new MaxPooling1D().getConfig()).toMatchObject({ pool_size: [2], strides: [2] });
  });

  test.for([
    ["poolSize", { poolSize: 0 }],
    ["poolSize", { poolSize: [2, 2] as unknown as number }],
    ["strides", { poolSize: 2, strides: -1 }],
    ["padding", { poolSize: 2, padding: "causal" as "same" }],
    ["dataFormat", { poolSize: 2, dataFormat: "last" as "channelsLast" }],
  ] as const)("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new MaxPooling1D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test.for([
    ["inputs of other axes", [null, 4, 4, 1]],
    ["an input smaller than the window", [null, 2, 1]],
  ] as const)("rejects %s", ([, shape]) => {
    expect(() => new MaxPooling1D({ poolSize: 3 }).outputShape(shape)).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
