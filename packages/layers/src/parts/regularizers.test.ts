import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { regularizerOption } from "../layer/part-options.ts";
import { L1, L1L2, OrthogonalRegularizer } from "./regularizers.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

describe("regularizers", () => {
  test("are known by name in either spelling", () => {
    expect(regularizerOption().check("test", "kernelRegularizer", "l1L2")).toBeInstanceOf(L1L2);
    expect(regularizerOption().check("test", "kernelRegularizer", "l1_l2")).toBeInstanceOf(L1L2);
    expect(regularizerOption().check("test", "kernelRegularizer", null)).toBeNull();
  });

  test("reject factors that are not finite", () => {
    expect(() => new L1({ l1: Number.NaN })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "l1" }));
  });

  test.for(["l1", "l2"])("reject a negative %s", (option) => {
    expect(() => new L1L2({ [option]: -1 })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});

describe("OrthogonalRegularizer", () => {
  test("costs nothing where rows are orthogonal, or there is one", () => {
    const regularizer = regularizerOption().check("test", "kernelRegularizer", "orthogonalRegularizer");
    const costs = tf.tidy(() => [tf.eye(3), tf.ones([1, 3])].map((weight) => regularizer?.loss(weight).dataSync()[0]));
    expect(costs).toEqual([0, 0]);
  });

  test("rejects a negative factor, an unknown mode, and weights that are not a matrix", () => {
    const invalid = (option: string): unknown => expect.objectContaining({ code: "INVALID_CONFIG", option });
    expect(() => new OrthogonalRegularizer({ factor: -1 })).toThrow(invalid("factor"));
    expect(() => new OrthogonalRegularizer({ mode: "both" as "rows" })).toThrow(invalid("mode"));
    const weight = tf.ones([2, 2, 2]);
    expect(() => new OrthogonalRegularizer().loss(weight)).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    weight.dispose();
  });
});
