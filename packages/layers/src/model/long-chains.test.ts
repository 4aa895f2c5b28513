import { FeaturemapError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { Dense, Input, Model, ReLU, Sequential, type SymbolicTensor, Weight, deserializeModel } from "../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

/** JavaScript nests some 10,000 calls, and gives a function some 120,000 arguments. */
const length = 9_000;

function functional(makeLayer: () => ReLU): Model {
  const input = Input({ shape: [1] });
  let tensor: SymbolicTensor = input;
  for (let index = 0; index < length; index++) tensor = makeLayer().apply(tensor);
  return new Model({ inputs: input, outputs: tensor });
}

describe.for([
  ["a Sequential", () => new Sequential([Input({ shape: [1] }), ...Array.from({ length }, () => new ReLU())])],
  ["a functional model", () => functional(() => new ReLU())],
  [
    "one layer used in turn",
    () => {
      const shared = new ReLU();
      return functional(() => shared);
    },
  ],
] as const)("%s of 9,000 uses", ([, make]) => {
  test("is built, read, used, described, saved and loaded, all in loops and in time that grows with it", () => {
    const start = performance.now();
    const model = make();
    expect(model.callCount).toBe(length);
    const output = model.predict([[3]]);
    expect(output.dataSync()[0]).toBe(3);
    output.dispose();
    expect(model.summary()).toContain("re_lu");
    const copy = deserializeModel(JSON.parse(JSON.stringify(model.serialize())));
    expect(copy.layers).toHaveLength(model.layers.length);
    expect([copy.namedWeights().size, copy.randomStates().size > 0, copy.countParams()]).toEqual([0, true, 0]);
    const inner = new Model({ inputs: model.layers[1]?.output ?? [], outputs: model.output });
    expect(inner.callCount).toBeGreaterThan(length - 3);
    expect(performance.now() - start).toBeLessThan(30_000);
  }, 60_000);
});

describe("weights beyond all bounds", () => {
  test.for([
    [6_000_000_000, [1]],
    [100_000, [100_000]],
    [Number.MAX_SAFE_INTEGER, [2]],
  ] as const)("of %d units for inputs of %o are refused by the layer's name", ([units, shape]) => {
    expect(() => new Sequential([new Dense({ units, inputShape: [...shape], name: "vast" })])).toThrow(FeaturemapError);
    expect(() => new Sequential([new Dense({ units, inputShape: [...shape], name: "vast" })])).toThrow(
      /^vast: weight kernel must be of fewer than 2\^31 elements/,
    );
  });

  test("that memory cannot hold are an error with a code, and the weight's name", async () => {
    const weight = new Weight("kernel", [3, 2 ** 28], () => {
      throw new RangeError("Array buffer allocation failed");
    });
    await expect(weight.read()).rejects.toMatchObject({
      code: "OUT_OF_MEMORY",
      bytesWanted: 3 * 2 ** 30,
      message: expect.stringMatching(/^Weight kernel of shape \(3, 268435456\) /) as string,
    });
  });
});
