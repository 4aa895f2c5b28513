import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { elementsOf, readSvg, textsOf, tooltipsOf } from "../testing/read-svg.ts";
import { plotImageGrid } from "./plot-image-grid.ts";

const pictures = Array.from({ length: 25 }, (_, index) => ({
  data: new Uint8Array(32 * 32 * 3).fill(index),
  width: 32,
  height: 32,
}));
const titles = pictures.map((_, index) => `class ${index}`);

function embedded(svg: string): readonly ReturnType<typeof decode>[] {
  const addresses = elementsOf(readSvg(svg), "image").map(({ attributes }) => attributes["href"] ?? "");
  return addresses.map((address) => decode(Buffer.from(address.replace("data:image/png;base64,", ""), "base64")));
}

describe("plotImageGrid", () => {
  test("draws 25 labelled pictures in five rows, each as it is", () => {
    const svg = plotImageGrid(pictures, { titles, title: "Examples" });
    const root = readSvg(svg);
    expect(textsOf(root)).toEqual(["Examples", ...titles]);
    const images = elementsOf(root, "image").map(({ attributes }) => attributes);
    expect(new Set(images.map(({ x }) => x)).size).toBe(5);
    expect(embedded(svg).map(({ width, data }) => [width, data[0]])).toEqual(pictures.map((_, index) => [32, index]));
    const places = elementsOf(root, "g").flatMap(({ attributes }) => attributes["data-index"] ?? []);
    expect(places).toEqual(pictures.map((_, index) => String(index)));
    // 32 pixels seen as 116: they stay sharp.
    expect(images[0]).toMatchObject({ width: "116.8", style: "image-rendering:pixelated" });
  });

  test("marks mistakes, and breaks titles into lines", () => {
    const root = readSvg(
      plotImageGrid(pictures.slice(0, 2), { titles: ["cat\n98 %", "dog\n51 %"], wrong: [false, true] }),
    );
    expect(textsOf(root)).toEqual(["cat", "98 %", "\u2717 dog", "51 %"]);
    expect(elementsOf(root, "text").map(({ attributes }) => attributes["class"])).toEqual([
      "fm-ink",
      "fm-ink",
      "fm-alert",
      "fm-alert",
    ]);
  });

  test("cuts long titles, whole in the tooltip, and takes any text", () => {
    const long = "<i>&\"'".repeat(30);
    const root = readSvg(plotImageGrid(pictures.slice(0, 4), { titles: [long, "قطة", "", "\ud800"], width: 300 }));
    const [first = "", ...others] = textsOf(root);
    expect(first).toMatch(/^<i>.+\u2026.+"'$/);
    expect(others).toEqual(["\u2067قطة\u2069", "\\ud800"]);
    expect(tooltipsOf(root)).toContain(long);
  });

  test("embeds no more pixels than a dense display shows", () => {
    const large = { data: new Uint8Array(2000 * 1000).fill(9), width: 2000, height: 1000 };
    const [small] = embedded(plotImageGrid([large, large], { width: 324 }));
    expect([small?.width, small?.height]).toEqual([292, 146]);
  });

  test("keeps within its width however narrow it is, with fewer columns", () => {
    const root = readSvg(plotImageGrid(pictures, { width: 200 }));
    const images = elementsOf(root, "image").map(
      ({ attributes }) => Number(attributes["x"]) + Number(attributes["width"]),
    );
    expect(Math.max(...images)).toBeLessThanOrEqual(176.01);
    expect(new Set(images).size).toBe(3);
  });

  test("says so where there are no pictures", () => {
    expect(textsOf(readSvg(plotImageGrid([])))).toEqual(["No pictures."]);
  });

  test.for([
    ["titles", { titles: ["a"] }],
    ["titles", { titles: [1] }],
    ["wrong", { wrong: "yes" }],
    ["columns", { columns: 0 }],
    ["colorMap", { colorMap: "rainbow" }],
    ["options", { column: 1 }],
  ])("refuses wrong %s", ([option, options]) => {
    expect(() => plotImageGrid(pictures, options as never)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });
});
