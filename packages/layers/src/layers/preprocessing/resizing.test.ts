import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { CenterCrop } from "./center-crop.ts";
import { Resizing } from "./resizing.ts";

useBackend(registerGradients);

const invalid = (option: string): unknown => expect.objectContaining({ code: "INVALID_CONFIG", option });

describe("Resizing", () => {
  checkLayerContract(() => new Resizing({ height: 3, width: 5, interpolation: "bicubic" }), {
    inputShape: [2, 4, 4, 2],
  });

  test("leaves lengths of the input open", () => {
    expect(new Resizing({ height: 3, width: 5 }).outputShape([null, null, null, 3])).toEqual([null, 3, 5, 3]);
  });

  test.for([
    ["height", { height: 0, width: 2 }],
    ["width", { height: 2, width: 1.5 }],
    ["interpolation", { height: 2, width: 2, interpolation: "cubic" }],
    ["fillMode", { height: 2, width: 2, fillMode: "reflect" }],
    ["fillValue", { height: 2, width: 2, fillValue: Number.NaN }],
    ["padToAspectRatio", { height: 2, width: 2, padToAspectRatio: true, cropToAspectRatio: true }],
    ["dataFormat", { height: 2, width: 2, dataFormat: "first" }],
  ] as const)("rejects a wrong %s", ([option, config]) => {
    const make = Reflect.construct.bind(undefined, Resizing);
    expect(() => make([config])).toThrow(invalid(option));
  });

  test("rejects inputs that are not images", () => {
    expect(() => new Resizing({ height: 2, width: 2 }).outputShape([null, 4])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});

describe("CenterCrop", () => {
  checkLayerContract(() => new CenterCrop({ height: 2, width: 3 }), { inputShape: [2, 4, 4, 2] });

  test.for(["height", "width"])("rejects a wrong %s", (option) => {
    expect(() => new CenterCrop({ height: 2, width: 2, [option]: 0 })).toThrow(invalid(option));
  });
});
