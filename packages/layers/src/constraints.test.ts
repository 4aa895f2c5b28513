import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { ConfigReader } from "./config-reader.ts";
import { MaxNorm, MinMaxNorm, NonNeg, resolveConstraint } from "./constraints.ts";
import golden from "./fixtures/constraints.json" with { type: "json" };
import more from "./fixtures/more-parts.json" with { type: "json" };
import { serializePart } from "./keras-object.ts";
import { readConstraint } from "./part-readers.ts";
import { useCpuBackend } from "./testing/cpu-backend.ts";
import { expectClose, tensorOf } from "./testing/golden.ts";

useCpuBackend();

describe("constraints", () => {
  test.each(
    [...golden, ...more.constraints].map((entry, index) => [`${entry.part.class_name} ${index}`, entry] as const),
  )("give Keras's projection and config: %s", (_name, { part, weight, result }) => {
    const constraint = readConstraint(new ConfigReader({ part }, "test", "fixture"), "part") ?? new NonNeg();
    expect(serializePart(constraint)).toEqual(part);
    tf.tidy(() => expectClose(constraint.apply(tensorOf(weight)), result));
  });

  test("are known by name in either spelling", () => {
    expect(resolveConstraint("test", "kernelConstraint", "maxNorm")).toBeInstanceOf(MaxNorm);
    expect(resolveConstraint("test", "kernelConstraint", "non_neg")).toBeInstanceOf(NonNeg);
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
