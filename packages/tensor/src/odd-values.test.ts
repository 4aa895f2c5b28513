import { expectOwnErrors, oddValues } from "@featuremap/testing/odd-values";
import { describe, test } from "vitest";
import * as tensor from "./index.ts";

const array = tensor.HostArray.from([
  [1, 2],
  [3, 4],
]);

/** Arguments that each function works with; one after the other is replaced by something odd. */
const working: Readonly<Record<string, readonly unknown[]>> = {
  areDeclared: [{}],
  averagePool2d: [array, {}],
  broadcastShapes: [[2], [1]],
  fingerprintOf: [["a"]],
  checkOptions: ["owner", {}, {}],
  convolutionOutputSize: [7, 3, 1, "valid"],
  convolve1d: [tensor.HostArray.from([1, 2]), tensor.HostArray.from([1]), {}],
  convolve2d: [array, array, {}],
  correlate1d: [tensor.HostArray.from([1, 2]), tensor.HostArray.from([1]), {}],
  correlate2d: [array, array, {}],
  describeValue: [1],
  dilatedKernelSize: [3, 1],
  formatShape: [[1]],
  fromFloat16: [new Uint16Array(1)],
  maxPool2d: [array, {}],
  multiply: [array, 2],
  nearestName: ["a", ["ab"]],
  printable: ["x"],
  isTypedArray: [new Uint8Array(1), "Uint8Array"],
  isolateRightToLeft: ["x"],
  readOptions: [{ n: tensor.Option.integer() }, { take: () => undefined }],
  refuseMethods: ["owner", {}, { fit: "nothing" }],
  refuseOptions: ["owner", { flip: true }, { whitening: "nothing whitens" }],
  requireHostArray: ["owner", "option", array],
  resolveReshape: [4, [2, -1]],
  rotateFilter: [array, 2],
  samePadding: [7, 3, 1],
  settleOptions: ["owner", { n: 1 }, { n: tensor.Option.integer() }],
  shapeAccepts: [[1], [1]],
  shapesEqual: [[1], [1]],
  shorten: ["x"],
  sizeOf: [[1]],
  stridesOf: [[1]],
  toBFloat16: [new Float32Array(1)],
  toFloat16: [new Float32Array(1)],
  writeOptions: [{ n: tensor.Option.integer() }, { n: 1 }],
};

const functions = Object.entries(tensor).filter(([, value]) => typeof value === "function" && !isClass(value));

function isClass(value: unknown): boolean {
  return String(value).startsWith("class");
}

describe("odd values", () => {
  test.for(functions)("%s", async ([name, exported]) => {
    const call = exported as unknown as (...parameters: readonly unknown[]) => unknown;
    const parameters = working[name];
    if (parameters === undefined) throw new Error(`${name} needs its line in this test`);
    await call(...parameters);
    for (const index of parameters.keys()) {
      for (const odd of oddValues) {
        const replaced = parameters.map((parameter, place) => (place === index ? odd : parameter));
        await expectOwnErrors(`${name}, argument ${index} ${tensor.describeValue(odd)}`, () => call(...replaced));
      }
    }
  });

  test("HostArray", async () => {
    const one = (): tensor.HostArray => new tensor.HostArray(new Float32Array(4), [2, 2]);
    for (const odd of oddValues) {
      const given = odd as never;
      for (const call of [
        () => new tensor.HostArray(given, [2]),
        () => new tensor.HostArray(new Float32Array(2), given),
        () => tensor.HostArray.from(given),
        () => one().at(given, 0),
        () => one().entry(given),
        () => one().slice(given),
        () => one().slice(0, given),
        () => one().reshape(given),
        () => one().toString(given),
      ]) {
        await expectOwnErrors(`${String(call)} with ${tensor.describeValue(odd)}`, call);
      }
    }
  });

  test("RandomStream", async () => {
    for (const odd of oddValues) {
      const given = odd as never;
      for (const call of [
        () => new tensor.RandomStream(given),
        () => tensor.RandomStream.restore(given),
        () => new tensor.RandomStream(1).assign(given),
        () => new tensor.RandomStream(1).fork(given),
        () => new tensor.RandomStream(1).integer(given),
        () => new tensor.RandomStream(1).permutation(given),
        () => new tensor.RandomStream(1).uniform(given, 1),
        () => new tensor.RandomStream(1).normal(0, given),
      ]) {
        await expectOwnErrors(`${String(call)} with ${tensor.describeValue(odd)}`, call);
      }
    }
  });
});
