import { describe, expect, test } from "vitest";
import golden from "../../fixtures/models/models.json" with { type: "json" };
import { deserializeModel } from "../../saving/serialization.ts";
import { columnWidths, roundHalfEven } from "./text-table.ts";

const cases = golden.map((entry) => [entry.name, entry] as const);

describe("summary", () => {
  test.each(cases)("is Keras's, character for character: %s", (_name, { json, summary }) => {
    expect(deserializeModel(JSON.parse(json)).summary().split("\n")).toEqual(summary);
  });

  test.each(cases)("is Keras's at another line length: %s", (_name, { json, wide }) => {
    expect(deserializeModel(JSON.parse(json)).summary({ lineLength: 120 }).split("\n")).toEqual(wide);
  });

  test.each(cases)("is Keras's with nested layers and what is trainable: %s", (_name, { json, expanded }) => {
    const options = { lineLength: 100, expandNested: true, showTrainable: true };
    expect(deserializeModel(JSON.parse(json)).summary(options).split("\n")).toEqual(expanded);
  });

  test("says which line length is too short", () => {
    const model = deserializeModel(JSON.parse(cases[0]?.[1].json ?? ""));
    expect(() => model.summary({ lineLength: 8 })).toThrow(expect.objectContaining({ option: "lineLength" }));
  });

  test("rounds a half to the even neighbour, as Python does", () => {
    expect([0.5, 1.5, 2.5, 2.4999, 2.5001].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3]);
  });

  test("takes what is too wide off all columns", () => {
    expect(columnWidths(76, [0.45, 0.8, 1])).toEqual([33, 24, 15]);
  });
});
