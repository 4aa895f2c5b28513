import { describe, expect, test } from "vitest";
import { constraintOption } from "../layer/part-options.ts";
import { MaxNorm, MinMaxNorm, NonNeg } from "./constraints.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

describe("constraints", () => {
  test("are known by name in either spelling", () => {
    expect(constraintOption().check("test", "kernelConstraint", "maxNorm")).toBeInstanceOf(MaxNorm);
    expect(constraintOption().check("test", "kernelConstraint", "non_neg")).toBeInstanceOf(NonNeg);
  });

  test("reject a negative norm", () => {
    expect(() => new MaxNorm({ maxValue: -1 })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "maxValue" }),
    );
  });

  test.for([
    ["minValue", { minValue: -1 }],
    ["maxValue", { minValue: 2, maxValue: 1 }],
    ["rate", { rate: 1.5 }],
  ] as const)("MinMaxNorm rejects a wrong %s", ([option, config]) => {
    expect(() => new MinMaxNorm(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});
