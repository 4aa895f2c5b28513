import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Cropping3D, type Cropping3DConfig } from "./reshaping/cropping3d.ts";
import { UpSampling3D } from "./reshaping/up-sampling3d.ts";
import { ZeroPadding3D, type ZeroPadding3DConfig } from "./reshaping/zero-padding3d.ts";

useBackend(registerGradients);

const shapeMismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });

describe("Cropping3D", () => {
  checkLayerContract(() => new Cropping3D({ cropping: [[1, 0], 1, [0, 2]] }), { inputShape: [2, 3, 4, 3, 2] });

  describe("with channels first", () => {
    checkLayerContract(() => new Cropping3D({ dataFormat: "channelsFirst" }), { inputShape: [1, 2, 3, 4, 3] });
  });

  test.for<[keyof Cropping3DConfig, Cropping3DConfig]>([
    ["cropping", { cropping: -1 }],
    ["cropping", { cropping: [1, 2] as unknown as [number, number, number] }],
    ["cropping", { cropping: [1, 2, [0, 0.5]] }],
    ["dataFormat", { dataFormat: "NDHWC" as "channelsLast" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new Cropping3D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects images, and volumes of which nothing would be left", () => {
    expect(() => new Cropping3D().outputShape([null, 5, 5, 1])).toThrow(shapeMismatch);
    expect(() => new Cropping3D().outputShape([null, 5, 2, 5, 1])).toThrow(shapeMismatch);
    expect(new Cropping3D().outputShape([null, 5, null, 3, 1])).toEqual([null, 3, null, 1, 1]);
  });
});

describe("ZeroPadding3D", () => {
  checkLayerContract(() => new ZeroPadding3D({ padding: [[1, 0], 1, [0, 2]] }), { inputShape: [2, 1, 2, 2, 2] });

  describe("with channels first", () => {
    checkLayerContract(() => new ZeroPadding3D({ dataFormat: "channelsFirst" }), { inputShape: [1, 2, 1, 2, 1] });
  });

  test.for<[keyof ZeroPadding3DConfig, ZeroPadding3DConfig]>([
    ["padding", { padding: 1.5 }],
    ["padding", { padding: [[1, 1, 1], 2, 2] as unknown as [number, number, number] }],
    ["dataFormat", { dataFormat: "NDHWC" as "channelsLast" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new ZeroPadding3D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("keeps unknown lengths unknown, and rejects images", () => {
    expect(new ZeroPadding3D().outputShape([null, null, 4, 3, 2])).toEqual([null, null, 6, 5, 2]);
    expect(() => new ZeroPadding3D().outputShape([null, 5, 5, 1])).toThrow(shapeMismatch);
  });
});

describe("UpSampling3D", () => {
  checkLayerContract(() => new UpSampling3D({ size: [2, 1, 3] }), { inputShape: [2, 2, 3, 1, 2] });

  describe("with channels first", () => {
    checkLayerContract(() => new UpSampling3D({ dataFormat: "channelsFirst" }), { inputShape: [1, 2, 1, 2, 1] });
  });

  test("rejects a size that is no whole number, and images", () => {
    const invalid: unknown = expect.objectContaining({ code: "INVALID_CONFIG", option: "size" });
    expect(() => new UpSampling3D({ size: 0 })).toThrow(invalid);
    expect(() => new UpSampling3D({ size: [1, 2] as unknown as [number, number, number] })).toThrow(invalid);
    expect(() => new UpSampling3D().outputShape([null, 5, 5, 1])).toThrow(shapeMismatch);
    expect(new UpSampling3D().outputShape([null, 5, null, 1, 1])).toEqual([null, 10, null, 2, 1]);
  });
});
