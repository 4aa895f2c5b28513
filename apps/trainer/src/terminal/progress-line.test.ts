import { describe, expect, test } from "vitest";
import { createProgressLine, drawProgress } from "./progress-line.ts";

const state = { heading: "Epoch 1/2", done: 50, total: 100, details: ["50/100", "900 images/s"] };

function record(isTTY: boolean, columns = 60) {
  const written: string[] = [];
  return { written, stream: { isTTY, columns, write: (text: string) => written.push(text) } };
}

describe("drawProgress", () => {
  test("fills the bar as far as the work is", () => {
    expect(drawProgress(state, 100)).toBe(`Epoch 1/2  ${"█".repeat(15)}${"░".repeat(15)}  50/100  900 images/s`);
  });

  test.for([120, 80, 60, 45, 30, 10])("leaves the last of %s columns free, so that the line never wraps", (columns) => {
    expect(drawProgress(state, columns).length).toBeLessThan(columns);
  });

  test("drops the bar where it would be too short to read, and then whole details from the last", () => {
    expect(drawProgress(state, 40)).toBe("Epoch 1/2  50/100  900 images/s");
    expect(drawProgress(state, 32)).toBe("Epoch 1/2  50/100  900 images/s");
    expect(drawProgress(state, 31)).toBe("Epoch 1/2  50/100");
    expect(drawProgress(state, 12)).toBe("Epoch 1/2");
    expect(drawProgress(state, 6)).toBe("Epoch");
  });
});

describe("lesser details", () => {
  const rich = { ...state, lesser: ["rate 0.01", "waiting 2 %"] };

  test.for([
    [100, 30, "50/100  900 images/s  rate 0.01  waiting 2 %"],
    [66, 8, "50/100  900 images/s  rate 0.01  waiting 2 %"],
    [65, 20, "50/100  900 images/s  rate 0.01"],
    [53, 8, "50/100  900 images/s  rate 0.01"],
    [52, 18, "50/100  900 images/s"],
    [42, 8, "50/100  900 images/s"],
  ] as const)("give way before the bar does: %s columns", ([columns, bar, details]) => {
    const [heading, drawn = "", ...rest] = drawProgress(rich, columns).split("  ");
    expect(heading).toBe("Epoch 1/2");
    expect(drawn).toHaveLength(bar);
    expect(rest.join("  ")).toBe(details);
  });

  test("come back where there is no bar", () => {
    expect(drawProgress(rich, 41)).toBe("Epoch 1/2  50/100  900 images/s");
    expect(drawProgress({ ...rich, details: ["50/100", "9".repeat(20)] }, 44)).toBe(
      `Epoch 1/2  50/100  ${"9".repeat(20)}`,
    );
  });
});

describe("createProgressLine", () => {
  test("draws no faster than anyone can read, but each new heading and the end", () => {
    const { written, stream } = record(true);
    let milliseconds = 0;
    const line = createProgressLine(stream, () => milliseconds);
    for (let done = 1; done <= 100; done++) {
      milliseconds += 1;
      line.update({ ...state, done });
    }
    line.update({ ...state, heading: "Epoch 2/2", done: 1 });
    expect(written).toHaveLength(4);
    expect(written.at(2)).not.toContain("░");
    expect(written.at(3)).toContain("Epoch 2/2");
  });

  test("redraws in place on a terminal, and can be taken away", () => {
    const { written, stream } = record(true);
    const line = createProgressLine(stream);
    line.update(state);
    line.clear();
    line.clear();
    expect(written).toEqual([`\r${drawProgress(state, 60)}\u001B[K`, "\r\u001B[K"]);
  });

  test("takes 80 columns where the terminal does not know its width", () => {
    const { written, stream } = record(true, 0);
    createProgressLine(stream).update(state);
    expect(written).toEqual([`\r${drawProgress(state, 80)}\u001B[K`]);
  });

  test("prints a plain line every five seconds elsewhere", () => {
    const { written, stream } = record(false);
    let milliseconds = 0;
    const line = createProgressLine(stream, () => milliseconds);
    for (; milliseconds <= 11_000; milliseconds += 250) line.update(state);
    line.clear();
    expect(written).toEqual(["Epoch 1/2  50/100  900 images/s\n", "Epoch 1/2  50/100  900 images/s\n"]);
  });
});
