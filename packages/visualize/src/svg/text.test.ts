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
    ["قطة כלב 猫 👩‍👩‍👧", "\u2067قطة כלב\u2069 猫 👩‍👩‍👧"],
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

  test("of names is cut in the middle, as many begin alike", () => {
    const [one, other] = ["kind of thing 013", "kind of thing 097"].map((name) => fitText(name, 70, 12, false, true));
    expect(one).toMatch(/^kind.*\u2026.*013$/);
    expect(other).not.toBe(one);
    expect(textWidth(one ?? "")).toBeLessThanOrEqual(70);
    expect(fitText("x".repeat(1e6), 50, 12, false, true)).toMatch(/^x+\u2026x+$/);
    expect(fitText("abc", 0, 12, false, true)).toBe("\u2026");
  });

  test("is cut between what readers see as characters", () => {
    expect(fitText("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 40)).toBe("👩‍👩‍👧‍👦\u2026");
    expect(fitText("abc", 0)).toBe("\u2026");
    expect(fitText("x".repeat(1e6), 50).length).toBeLessThan(10);
  });
});
