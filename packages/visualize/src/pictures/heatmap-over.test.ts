import { HostArray } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { heatmapOver } from "./heatmap-over.ts";

const black = { data: new Uint8Array(4 * 2), width: 4, height: 2 };

describe("heatmapOver", () => {
  test("mixes the map's colours into the image, stretched and interpolated over it", () => {
    const { data, width, height } = heatmapOver(black, HostArray.from([[0, 1]]), { opacity: 1, colorMap: "gray" });
    expect([width, height]).toEqual([4, 2]);
    const reds = Array.from({ length: 8 }, (_, pixel) => data[pixel * 4]);
    // Centres of the two cells are at 1 and 3: between them the map grows linearly.
    expect(reds).toEqual([0, 64, 191, 255, 0, 64, 191, 255]);
  });

  test("covers half of the image by default, in viridis, from 0 to the greatest", () => {
    const white = { data: new Uint8Array(12).fill(255), width: 2, height: 2 };
    const { data } = heatmapOver(white, HostArray.from([[0, 7]]));
    expect([...data.subarray(0, 4)]).toEqual([162, 128, 170, 255]);
    expect([...data.subarray(4, 8)]).toEqual([254, 243, 146, 255]);
  });

  test("of a map of zeros shows its lowest colour, and where it is NaN the image", () => {
    const zeros = heatmapOver(black, HostArray.from([[0, 0]]), { opacity: 1 });
    expect([...zeros.data.subarray(0, 4)]).toEqual([68, 1, 84, 255]);
    const missing = heatmapOver(black, HostArray.from([[Number.NaN, 1]]), { opacity: 1 });
    expect([...missing.data.subarray(0, 4)]).toEqual([0, 0, 0, 255]);
    expect([...missing.data.subarray(12, 16)]).toEqual([253, 231, 37, 255]);
  });

  test("leaves the image alone at opacity 0", () => {
    const image = { data: Uint8Array.from({ length: 8 }, (_, index) => index * 30), width: 4, height: 2 };
    const { data } = heatmapOver(image, HostArray.from([[0, 1]]), { opacity: 0 });
    expect(Array.from({ length: 8 }, (_, pixel) => data[pixel * 4])).toEqual([...image.data]);
  });

  test("of several maps names the first", () => {
    const maps = HostArray.from([[[1, 2]], [[3, 4]]]);
    expect(() => heatmapOver(black, maps)).toThrow(
      "received (2, 1, 2): several, of which array.entry(0) is the first.",
    );
    expect(heatmapOver(black, maps.entry(0)).width).toBe(black.width);
    expect(() => heatmapOver(black, HostArray.from([1]))).toThrow("received (1,).");
  });

  test.for([
    ["opacity", black, { opacity: 2 }],
    ["range", black, { range: [1, 1] }],
    ["channels of map", { data: new Uint8Array(3), width: 1, height: 1 }, {}],
    ["options", black, { alpha: 1 }],
  ] as const)("refuses a wrong %s", ([option, map, options]) => {
    expect(() => heatmapOver(black, map, options as never)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });
});
