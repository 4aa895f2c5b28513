import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Rescaling } from "./rescaling.ts";

useBackend(registerGradients);

describe("Rescaling", () => {
  checkLayerContract(() => new Rescaling({ scale: 2, offset: [0.5, -1, 0] }), { inputShape: [2, 2, 3] });

  test("takes just a scale", () => {
    expect(new Rescaling(0.5).getConfig()).toMatchObject({ scale: 0.5, offset: 0 });
  });

  test.for([
    ["scale", { scale: Number.NaN }],
    ["offset", { scale: 1, offset: [1, Number.POSITIVE_INFINITY] }],
  ] as const)("rejects a %s that is not finite", ([option, config]) => {
    expect(() => new Rescaling(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});
