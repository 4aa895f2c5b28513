import { devNull } from "node:os";
import { join } from "node:path";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { FeaturemapError, HostArray } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import * as formats from "./index.ts";

const model = new Sequential([new Flatten({ inputShape: [4, 4, 1] }), new Dense({ units: 2 })]);
const options = { preprocessing: plainPreprocessing([4, 4], "grayscale"), labels: ["a", "b"] };
const nowhere = join(devNull, "none");

// What plain JavaScript may hand over, and right values in wrong places.
const plain: readonly unknown[] = [
  undefined,
  null,
  0,
  Number.NaN,
  "",
  "\0",
  join(nowhere, "model"),
  true,
  Symbol("odd"),
  1n,
  [],
  [1],
  {},
];
const objects: readonly unknown[] = [() => 1, new Date(0), new Uint8Array(9), new URL("ftp://a/b"), { limits: null }];
const maps: readonly unknown[] = [
  new Map(),
  new Map([["a", 1]]),
  new Map([[1, new HostArray(new Uint8Array(1), [1])]]),
  new Map([["model.json", 7]]),
  new Map([[7, "model.json"]]),
];
const descriptions: readonly unknown[] = [
  { labels: 7 },
  { ...options, labels: [1, 2] },
  { ...options, labels: "ab" },
  { ...options, metrics: [1] },
  { ...options, metrics: null },
  { ...options, metrics: { loss: "1" } },
  { ...options, provenance: [] },
  { ...options, provenance: { toJSON: () => [] } },
  { ...options, provenance: nested(300) },
  { ...options, preprocessing: {} },
  { ...options, label: [] },
  { ...options, outputs: 1 },
];
const values = [...plain, ...objects, ...maps, ...descriptions];
const functions = Object.entries(formats).filter(([, exported]) => !(exported.prototype instanceof Error));

function nested(depth: number): object {
  return depth === 0 ? {} : { deeper: nested(depth - 1) };
}

describe("every function of the package", () => {
  test.for(functions)("%s refuses odd values with this project's own errors", async ([, call]) => {
    const errors: unknown[] = [];
    const attempt = async (...given: readonly unknown[]): Promise<void> => {
      const work = async (): Promise<unknown> => Reflect.apply(call, undefined, given);
      await work().catch((error: unknown) => errors.push(error));
    };
    for (const first of [model, ...values]) {
      for (const second of [nowhere, options, ...values]) {
        await attempt(first, second);
        await attempt(first, nowhere, second);
      }
    }
    expect(errors.length).toBeGreaterThan(values.length);
    expect(errors.filter((error) => !(error instanceof FeaturemapError))).toEqual([]);
  });

  test.for([
    [{ label: [] }, "did you mean labels?"],
    [{ preprocesing: {} }, "did you mean preprocessing?"],
    [undefined, "saveBundle: options must be an object, as { preprocessing, labels, ... }, received undefined"],
    [{ ...options, labels: undefined }, "labels must be a list of strings"],
    [{ ...options, provenance: nested(300) }, "such that the bundle can be read again"],
  ])("saveBundle refuses the options %#", async ([given, message]) => {
    await expect(Reflect.apply(formats.saveBundle, undefined, [model, nowhere, given])).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining(message as string),
    });
  });

  test("saveBundle names what is not a model", async () => {
    await expect(Reflect.apply(formats.saveBundle, undefined, [])).rejects.toThrow(
      "saveBundle: model must be a Model of @featuremap/layers, received undefined",
    );
  });

  test("encodeBundle refuses a model whose weights share a path", async () => {
    class Lossy extends Sequential {
      override namedWeights(): ReturnType<Sequential["namedWeights"]> {
        return new Map([...super.namedWeights()].slice(1));
      }
    }
    const lossy = new Lossy([new Flatten({ inputShape: [4, 4, 1] }), new Dense({ units: 2 })]);
    await expect(formats.encodeBundle(lossy, options)).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining("model must be one whose weights all have a path, received"),
    });
  });
});
