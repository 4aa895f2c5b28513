import { expect, test } from "vitest";
import { RESTING_PEN, movePen, movesPen } from "./keyboard-pen.ts";

test("moves one 28th of the box a step", () => {
  expect(movePen(RESTING_PEN, ["ArrowRight"], false)).toEqual({ x: 0.5 + 1 / 28, y: 0.5, down: false });
});

test("goes diagonally with two arrows held, and finer with Shift", () => {
  const pen = movePen({ x: 0.5, y: 0.5, down: true }, ["ArrowUp", "ArrowLeft", "a"], true);
  expect(pen.x).toBeCloseTo(0.5 - 1 / 140);
  expect(pen.y).toBeCloseTo(0.5 - 1 / 140);
  expect(pen.down).toBe(true);
});

test("stops at the edges", () => {
  expect(movePen({ x: 1, y: 0, down: false }, ["ArrowRight", "ArrowUp"], false)).toEqual({ x: 1, y: 0, down: false });
});

test("knows which keys move it", () => {
  expect(["ArrowDown", " ", "a"].map(movesPen)).toEqual([true, false, false]);
});
