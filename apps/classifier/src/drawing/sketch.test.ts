import { describe, expect, test } from "vitest";
import { type PenPoint, Sketch, penWidthFor } from "./sketch.ts";

const at = (x: number, y: number): PenPoint => ({ x, y, pressure: 1 });

describe("Sketch", () => {
  test("keeps one stroke from each pen down to the next", () => {
    const sketch = new Sketch();
    sketch.begin(at(0.1, 0.1));
    sketch.extend(at(0.2, 0.2));
    sketch.begin(at(0.5, 0.5));
    expect(sketch.strokes).toEqual([[at(0.1, 0.1), at(0.2, 0.2)], [at(0.5, 0.5)]]);
  });

  test("takes strokes back one by one, then says that none is left", () => {
    const sketch = new Sketch();
    sketch.extend(at(0.1, 0.1));
    sketch.begin(at(0.5, 0.5));
    expect([sketch.undo(), sketch.undo(), sketch.undo()]).toEqual([true, true, false]);
    expect(sketch.isEmpty).toBe(true);
  });

  test("measures the longer side of what is drawn", () => {
    const sketch = new Sketch();
    expect(sketch.extent).toBe(0);
    sketch.begin(at(0.4, 0.2));
    expect(sketch.extent).toBe(0);
    sketch.extend(at(0.5, 0.8));
    expect(sketch.extent).toBeCloseTo(0.6);
  });
});

describe("penWidthFor", () => {
  test("keeps a small and a large digit equally bold", () => {
    expect(penWidthFor(0.3) / 0.3).toBeCloseTo(penWidthFor(0.9) / 0.9);
  });

  test("still leaves a mark for a dot", () => {
    expect(penWidthFor(0)).toBeGreaterThan(0);
  });
});
