import { describe, expect, test } from "vitest";
import { readSvg, textsOf, tooltipsOf } from "../testing/read-svg.ts";
import { element } from "./element.ts";
import { fitText, textAt, textWidth } from "./text.ts";

const read = (markup: string): ReturnType<typeof readSvg> => readSvg(element("svg", {}, markup));

describe("text", () => {
  test.for([
    ["<b>&amp;</b> \"'", "<b>&amp;</b> \"'"],
    ["a\u0000b\u202e\ud800\uffff", "a\\u0000b\\u202e\\ud800\ufffd"],
    ["tab\tand\u00a0space", "tab and space"],
    ["قطة כלב 猫 👩‍👩‍👧", "قطة כלב 猫 👩‍👩‍👧"],
  ])("%j is written such that it is read as %j", ([text = "", shown]) => {
    expect(textsOf(read(textAt(text, 0, 0)))).toEqual([shown]);
  });

  test("that is too long ends in an ellipsis, and is whole in the tooltip", () => {
    const name = "<name>".repeat(34);
    const root = read(textAt(name, 0, 0, { room: 100 }));
    expect(textsOf(root)[0]).toMatch(/^(<name>)+.*\u2026$/);
    expect(textWidth(textsOf(root)[0] ?? "")).toBeLessThanOrEqual(100);
    expect(tooltipsOf(root)).toEqual([name]);
    expect(tooltipsOf(read(textAt("short", 0, 0, { room: 100 })))).toEqual([]);
  });

  test("is cut between what readers see as characters", () => {
    expect(fitText("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 40)).toBe("👩‍👩‍👧‍👦\u2026");
    expect(fitText("abc", 0)).toBe("\u2026");
    expect(fitText("x".repeat(1e6), 50).length).toBeLessThan(10);
  });
});
