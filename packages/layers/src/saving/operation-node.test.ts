import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { Input, Model, deserializeModel, operationLayer, serializeModel } from "../index.ts";

useBackend();

describe("operationLayer", () => {
  test("makes nodes that Keras saves as operations, and that are not among the layers", () => {
    const input = Input({ shape: [2] });
    const hardSigmoid = operationLayer("Multiply", [null, 0.5]).apply(operationLayer("Add", [null, 3]).apply(input));
    const outputs = operationLayer("Subtract", [1, null]).apply(operationLayer("Add").apply([hardSigmoid, input]));
    const model = new Model({ inputs: input, outputs });
    expect(model.layers.map(({ className }) => className)).toEqual(["InputLayer"]);
    const json = JSON.parse(JSON.stringify(serializeModel(model))) as { config: { layers: object[] } };
    expect(json.config.layers[1]).toMatchObject({
      module: "keras.src.ops.numpy",
      class_name: "Add",
      config: { name: "add" },
      registered_name: "Add",
      name: "add",
    });
    expect(serializeModel(deserializeModel(json))).toEqual(serializeModel(model));
    expect(tf.tidy(() => model.predict([[1, -3]]).arraySync())).toEqual([[-2, 4]]);
  });

  test.for<[unknown, unknown, string]>([
    ["Einsum", [null, 1], "operation"],
    ["constructor", [null, 1], "operation"],
    ["Add", [1, 2], "operands"],
    ["Add", [null], "operands"],
    ["Add", [null, "3"], "operands"],
    ["Add", [null, Number.NaN], "operands"],
    ["Add", 3, "operands"],
  ])("refuses %s of %j", ([operation, operands, option]) => {
    expect(() => operationLayer(operation as never, operands as never)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });
});
