import { expect, test } from "vitest";
import { plotConfusionMatrix } from "../matrix/plot-confusion-matrix.ts";
import { elementsOf, readSvg } from "../testing/read-svg.ts";
import { themeStyle } from "./theme.ts";

type Color = readonly number[];

function colorsOf(theme: "light" | "dark"): ReadonlyMap<string, Color> {
  const rules = themeStyle(theme).matchAll(/\.fm-([\w-]+)\{(?:fill|stroke):#(\w{6})/g);
  return new Map(
    [...rules].map(([, name = "", hex = ""]) => [
      name,
      [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
    ]),
  );
}

/** Contrast of two colours as WCAG 2.2 defines it, 1 to 21. */
function contrast(...pair: readonly [Color, Color]): number {
  const [low = 0, high = 0] = pair.map(luminance).toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: Color): number {
  const [red = 0, green = 0, blue = 0] = color.map((value) =>
    value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mixed(ground: Color, over: Color, opacity: number): Color {
  return ground.map((value, at) => Math.round(value * (1 - opacity) + (over[at] ?? 0) * opacity));
}

const dyes = (theme: "light" | "dark"): ((name: string) => Color) => {
  const colors = colorsOf(theme);
  return (name) => {
    const color = colors.get(name);
    if (color === undefined) throw new Error(`${theme} has no colour ${name}.`);
    return color;
  };
};

for (const theme of ["light", "dark"] as const) {
  const dye = dyes(theme);

  test(`${theme}: words stand out by 4.5:1, marks by 3:1`, () => {
    const standsOut = (name: string, least: number): boolean => contrast(dye(name), dye("ground")) > least;
    const series = [1, 2, 3, 4, 5, 6].flatMap((each) => [`fill-${each}`, `line-${each}`]);
    expect(["ink", "muted", "alert"].filter((name) => !standsOut(name, 4.5))).toEqual([]);
    expect(["axis", "heat", ...series].filter((name) => !standsOut(name, 3))).toEqual([]);
  });

  test(`${theme}: numbers in a matrix stand out by 4.5:1 from a cell of any share`, () => {
    const shares = Array.from({ length: 501 }, (_, index) => index + 1);
    const lowest = shares.map((part) => {
      const root = readSvg(plotConfusionMatrix([part, 1000 - part, 0, 1], { theme }));
      const cell = elementsOf(root, "g").find(({ attributes }) => "data-row" in attributes);
      if (cell === undefined) throw new Error("There is no cell.");
      const opacity = Number(elementsOf(cell, "rect")[0]?.attributes["fill-opacity"]);
      const ground = mixed(dye("ground"), dye("heat"), opacity);
      const words = elementsOf(cell, "text").map(({ attributes }) => dye((attributes["class"] ?? "").slice(3)));
      expect(words).toHaveLength(2);
      return Math.min(...words.map((each) => contrast(each, ground)));
    });
    expect(Math.min(...lowest)).toBeGreaterThan(4.5);
  });
}
