import { describe, expect, test } from "vitest";
import { readOptions } from "./option-values.ts";

describe("readOptions", () => {
  test("gives what was typed, and undefined for what was not", () => {
    const options = readOptions("train", { epochs: 3, learningRate: 0.01, out: 7, json: true });
    expect(options.integer("epochs", 1)).toBe(3);
    expect(options.positive("learning-rate")).toBe(0.01);
    expect(options.text("out")).toBe("7");
    expect(options.flag("json")).toBe(true);
    expect(options.integer("seed", 0)).toBeUndefined();
    expect(options.text("device")).toBeUndefined();
    expect(options.flag("quiet")).toBe(false);
  });

  test("gives text as it was typed, where the parser made a number of it", () => {
    expect(readOptions("train", { out: 7 }, ["train", "mnist", "--out", "007"]).text("out")).toBe("007");
    expect(readOptions("train", { out: 1000 }, ["train", "mnist", "--out=1e3"]).text("out")).toBe("1e3");
  });

  test.for([0, -1, 1.5, "abc", "", true, [1, 2]])("refuses %s epochs, and names the option", (epochs) => {
    expect(() => readOptions("train", { epochs }).integer("epochs", 1)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "--epochs" }),
    );
  });

  test.for([0, -0.1, "fast", true, Number.POSITIVE_INFINITY])("refuses a learning rate of %s", (learningRate) => {
    expect(() => readOptions("train", { learningRate }).positive("learning-rate")).toThrow(
      "--learning-rate must be a number above 0",
    );
  });

  test("says the range of an integer that has two ends", () => {
    expect(() => readOptions("serve", { port: 70_000 }).integer("port", 0, 65_535)).toThrow(
      "serve: --port must be an integer in [0, 65535], received 70000.",
    );
  });

  test("lists the choices", () => {
    const options = readOptions("train", { device: "gpu" });
    expect(() => options.oneOf("device", ["auto", "wasm"])).toThrow('one of auto, wasm, received "gpu"');
  });

  test("refuses a value after a flag, and an option given twice", () => {
    expect(() => readOptions("train", { json: "yes" }).flag("json")).toThrow("given without a value");
    expect(() => readOptions("train", { out: ["a", "b"] }).text("out")).toThrow("given once");
  });
});
