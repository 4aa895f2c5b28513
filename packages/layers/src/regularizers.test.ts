import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { ConfigReader } from "./config-reader.ts";
import golden from "./fixtures/regularizers.json" with { type: "json" };
import { serializePart } from "./keras-object.ts";
import { readRegularizer } from "./part-readers.ts";
import { L1, L1L2, resolveRegularizer } from "./regularizers.ts";
import { useCpuBackend } from "./testing/cpu-backend.ts";
import { expectClose, tensorOf } from "./testing/golden.ts";

useCpuBackend();

describe("regularizers", () => {
  test.each(golden.map((entry, index) => [`${entry.part.class_name} ${index}`, entry] as const))(
    "give Keras's penalty and config: %s",
    (_name, { part, weight, loss }) => {
      const regularizer = readRegularizer(new ConfigReader({ part }, "test", "fixture"), "part") ?? new L1();
      expect(serializePart(regularizer)).toEqual(part);
      tf.tidy(() => expectClose(regularizer.loss(tensorOf(weight)), loss));
    },
  );

  test("are known by name in either spelling", () => {
    expect(resolveRegularizer("test", "kernelRegularizer", "l1L2")).toBeInstanceOf(L1L2);
    expect(resolveRegularizer("test", "kernelRegularizer", "l1_l2")).toBeInstanceOf(L1L2);
    expect(resolveRegularizer("test", "kernelRegularizer", null)).toBeNull();
  });

  test("reject factors that are not finite", () => {
    expect(() => new L1({ l1: Number.NaN })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "l1" }));
  });
});
