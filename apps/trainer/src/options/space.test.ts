import { describe, expect, test } from "vitest";
import type { Space } from "./option.ts";
import { faultOfText, faultOfWritten, textOfValue, valueFromFile, valueFromText, writtenValue } from "./read-value.ts";
import { sweepOptions } from "./commands/sweep.ts";

const { grid, random } = sweepOptions;

describe("values to try", () => {
  test.for<[string, Space]>([
    ["learningRate=0.01,0.05", { learningRate: [0.01, 0.05] }],
    ["learning-rate=auto,1e-3 model=small,resnet", { learningRate: ["auto", 0.001], model: ["small", "resnet"] }],
    [
      "image-size=32,48x64",
      {
        imageSize: [
          { width: 32, height: 32 },
          { width: 48, height: 64 },
        ],
      },
    ],
    ["learningRate=1e-4..1e-1:log", { learningRate: { min: 1e-4, max: 0.1, scale: "log" } }],
    ["epochs=2..5", { epochs: { min: 2, max: 5, scale: "linear" } }],
    ["model=a=b", { model: ["a=b"] }],
  ])("%s", ([text, space]) => {
    expect(valueFromText(random, text)).toEqual(space);
    const again = textOfValue(random, space);
    expect(valueFromText(random, again)).toEqual(space);
    const written: unknown = JSON.parse(JSON.stringify(writtenValue(random, space)));
    expect(valueFromFile(random, written)).toEqual(space);
  });

  test("a range in a file is linear where nothing is said", () => {
    const written = { learningRate: { min: 0.1, max: 1 }, model: undefined };
    expect(valueFromFile(random, written)).toEqual({ learningRate: { min: 0.1, max: 1, scale: "linear" } });
  });

  test.for([
    ["", undefined, /^values of options/],
    ["learningrate=1", undefined, /did you mean learningRate\?/],
    ["seed=1", undefined, /^values of options that can be tried/],
    ["learningRate", "learningRate", /^a number above 0, or auto$/],
    ["learningRate=1,0", "learningRate", /^a number above 0, or auto$/],
    ["model=small,small", "model", /^values that differ$/],
    ["epochs=1 epochs=2", "epochs", /^given once$/],
    ["learningRate=0..1", "learningRate", /each end a number above 0$/],
    ["learningRate=1..1", "learningRate", /first end is below/],
    ["mixup=0..1:log", "mixup", /above 0/],
    ["augment=none..light", "augment", /^one of none, light/],
  ] as const)("%j is none, and what is wrong is told", ([text, part, expected]) => {
    expect(valueFromText(random, text)).toBeUndefined();
    expect(faultOfText(random, text)).toMatchObject({ expected: expect.stringMatching(expected) });
    expect(faultOfText(random, text).part).toBe(part);
  });

  test("a grid has no ranges", () => {
    expect(faultOfText(grid, "learningRate=0.1..1")).toMatchObject({
      expected: expect.stringMatching(/list of values/),
    });
    const written = { learningRate: { min: 0.1, max: 1 } };
    expect(valueFromFile(grid, written)).toBeUndefined();
    expect(faultOfWritten(grid, written)).toMatchObject({ part: "learningRate" });
  });

  test.for([
    [3],
    [[]],
    [{ learningRate: 0.1 }],
    [{ learningRate: [] }],
    [{ learningRate: ["0.1"] }],
    [{ learningRate: { min: 0.1 } }],
    [{ learningRate: { min: 0.1, max: 1, scale: "cubic" } }],
    [{ learningRate: { min: 0.1, max: 1, step: 2 } }],
    [{ __proto__x: [1] }],
  ])("a file's %j is none", ([written]) => {
    expect(valueFromFile(random, written)).toBeUndefined();
    expect(faultOfWritten(random, written).expected).not.toBe("");
  });
});
