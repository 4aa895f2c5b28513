import { describe, expect, test } from "vitest";
import { readOptions } from "./option-values.ts";

describe("readOptions", () => {
  test("gives what was typed, and undefined for what was not", () => {
    const options = readOptions("featuremap train", { epochs: 3, learningRate: 0.01, out: 7, json: true });
    expect(options.integer("epochs", 1)).toBe(3);
    expect(options.positive("learning-rate")).toBe(0.01);
    expect(options.text("out")).toBe("7");
    expect(options.flag("json")).toBe(true);
    expect(options.integer("seed", 0)).toBeUndefined();
    expect(options.text("device")).toBeUndefined();
    expect(options.flag("quiet")).toBe(false);
  });

  test.for([0, -1, 1.5, "abc", "", true, [1, 2]])("refuses %s epochs, and names the option", (epochs) => {
    expect(() => readOptions("featuremap train", { epochs }).integer("epochs", 1)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "--epochs" }),
    );
  });

  test.for([0, -0.1, "fast", true, Number.POSITIVE_INFINITY])("refuses a learning rate of %s", (learningRate) => {
    expect(() => readOptions("featuremap train", { learningRate }).positive("learning-rate")).toThrow(
      "--learning-rate must be a number above 0",
    );
  });

  test("says the range of an integer that has two ends", () => {
    expect(() => readOptions("featuremap serve", { port: 70_000 }).integer("port", 0, 65_535)).toThrow(
      "featuremap serve: --port must be an integer in [0, 65535], received 70000.",
    );
  });

  test("lists the choices", () => {
    const options = readOptions("featuremap train", { device: "gpu" });
    expect(() => options.oneOf("device", ["auto", "wasm"])).toThrow('one of auto, wasm, received "gpu"');
  });

  test("refuses a value after a flag, and an option given twice", () => {
    expect(() => readOptions("featuremap train", { json: "yes" }).flag("json")).toThrow("given without a value");
    expect(() => readOptions("featuremap train", { out: ["a", "b"] }).text("out")).toThrow("given once");
  });
});
