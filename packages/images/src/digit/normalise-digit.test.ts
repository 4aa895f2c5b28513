import { describe, expect, test } from "vitest";
import type { InkPicture } from "./ink-picture.ts";
import { normaliseDigit } from "./normalise-digit.ts";

/** A black picture with bars of ink: [left, top, width, height, strength]. */
function picture(width: number, height: number, ...bars: readonly (readonly number[])[]): InkPicture {
  const data = new Uint8Array(width * height);
  for (const [left = 0, top = 0, barWidth = 0, barHeight = 0, strength = 255] of bars) {
    for (let y = top; y < top + barHeight; y++) {
      for (let x = left; x < left + barWidth; x++) data[y * width + x] = strength;
    }
  }
  return { data, width, height };
}

function measure({ data, width }: InkPicture): Record<"x" | "y" | "left" | "right" | "top" | "bottom", number> {
  const ink = [...data].flatMap((value, index) =>
    value > 0 ? [{ value, x: index % width, y: Math.floor(index / width) }] : [],
  );
  const mass = ink.reduce((sum, { value }) => sum + value, 0);
  return {
    x: ink.reduce((sum, { value, x }) => sum + value * x, 0) / mass,
    y: ink.reduce((sum, { value, y }) => sum + value * y, 0) / mass,
    left: Math.min(...ink.map(({ x }) => x)),
    right: Math.max(...ink.map(({ x }) => x)),
    top: Math.min(...ink.map(({ y }) => y)),
    bottom: Math.max(...ink.map(({ y }) => y)),
  };
}

describe("normaliseDigit", () => {
  test("is black where nothing is drawn", () => {
    const { data, width, height } = normaliseDigit(picture(90, 50));
    expect([width, height, Math.max(...data)]).toEqual([28, 28, 0]);
  });

  test.for([
    ["small in a corner", picture(200, 200, [3, 5, 4, 30])],
    ["large", picture(200, 200, [60, 2, 30, 190])],
    ["smaller than the box", picture(28, 28, [1, 1, 2, 10])],
  ] as const)("scales the longer side of a bar, %s, to 20 pixels", ([, input]) => {
    const { top, bottom } = measure(normaliseDigit(input));
    expect(bottom - top + 1).toBe(20);
  });

  test("keeps proportions", () => {
    const { left, right } = measure(normaliseDigit(picture(300, 300, [10, 10, 40, 80])));
    expect(right - left + 1).toBe(10);
  });

  test("lays the centre of mass, not the box, on pixel 14, 14", () => {
    // A seven: a bar across the top, and a stem at its right end.
    const { x, y, top } = measure(normaliseDigit(picture(120, 120, [20, 20, 60, 12], [68, 20, 12, 80])));
    expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.5);
    expect(top).toBeGreaterThan(4);
  });

  test("never pushes ink out of the picture", () => {
    // Nearly all of the mass is at the bottom, which would pull the thin stem out at the top.
    const lopsided = picture(200, 200, [95, 0, 2, 200], [0, 190, 200, 10]);
    const { top, bottom } = measure(normaliseDigit(lopsided));
    expect([top, bottom]).toEqual([0, 19]);
  });

  test("stretches faint ink to full contrast, and ignores what is fainter still", () => {
    const { data } = normaliseDigit(picture(100, 100, [0, 0, 1, 1, 20], [40, 30, 10, 40, 90]));
    expect(Math.max(...data)).toBe(255);
    const { top, bottom } = measure({ data, width: 28, height: 28 });
    expect(bottom - top + 1).toBe(20);
  });

  test("averages areas, so a checkerboard becomes grey", () => {
    const squares = Array.from({ length: 1600 }, (_, index) => [index % 40, Math.floor(index / 40)] as const)
      .filter(([x, y]) => (x + y) % 2 === 0)
      .map(([x, y]) => [x, y, 1, 1]);
    const { data } = normaliseDigit(picture(40, 40, ...squares));
    expect(new Set(data)).toEqual(new Set([0, 255]));
    expect(data.filter((value) => value === 255)).toHaveLength(400);
  });

  test("leaves a digit that is normalised already as it is", () => {
    const once = normaliseDigit(picture(160, 160, [30, 20, 60, 14], [76, 20, 14, 90], [40, 60, 40, 14]));
    expect(normaliseDigit(once).data).toEqual(once.data);
  });
});
