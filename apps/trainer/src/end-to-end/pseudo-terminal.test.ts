import { spawn, spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../testing/made-pictures.ts";
import { temporaryFolder } from "../testing/saved-model.ts";

const cli = fileURLToPath(new URL("../testing/cli-under-test.mjs", import.meta.url));
/** What gives a program a terminal of its own; it belongs to util-linux, and other systems have another of that name. */
const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") ?? false;

interface Shown {
  readonly code: number | null;
  /** All that the terminal got, with what it obeys. */
  readonly text: string;
}

/** Runs the command on a terminal of that many columns; `press` types keys into it. */
function runOnTerminal(
  words: readonly string[],
  columns: number,
  onText: (text: string, press: (keys: string) => void) => void = () => {},
): Promise<Shown> {
  const quoted = [process.execPath, cli, ...words].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qefc", `stty cols ${columns} && exec ${quoted}`, "/dev/null"]);
  let text = "";
  child.stdout.on("data", (part: Buffer) => {
    text += part.toString();
    onText(text, (keys) => child.stdin.write(keys));
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}

const [clear, ctrlC] = ["\u001B[K", "\u0003"];

/** The live lines, as they were drawn one over the other. */
function drawn(text: string): string[] {
  return text
    .split("\r")
    .filter((line) => line.includes(clear))
    .map((line) => line.slice(0, line.indexOf(clear)))
    .filter((line) => line !== "");
}

describe.runIf(hasScript)("featuremap train on a terminal", () => {
  const folder = temporaryFolder();
  const train = (out: string, ...more: string[]): string[] =>
    `train ${folder.path("photos")} --out ${folder.path(out)} --model small --device wasm --workers 0 --no-report`
      .split(" ")
      .concat(more);

  beforeAll(async () => {
    for (let index = 0; index < 48; index++) {
      const picture = await discPicture(index % 2, index, [16, 16])
        .png()
        .toBuffer();
      await writeFiles(folder.path("photos"), { [`${index % 2}/${index}.png`]: picture });
    }
  });

  test.for([
    [110, /^Epoch 1\/2 {2}[█░]{8,30} {2}\d+\/5 {2}loss .* left \(run \d+:\d\d\)/],
    [80, /^Epoch 1\/2 {2}[█░]{8,} {2}\d+\/5 {2}loss [\d.]+ {2}accuracy [\d.]+ {2}\d+:\d\d left \(run \d+:\d\d\)$/],
    [34, /^Epoch 1\/2 {2}\d+\/5 {2}loss [\d.]+$/],
  ] as const)(
    "of %s columns: a line over itself, a table, no colours",
    { timeout: 120_000 },
    async ([columns, first]) => {
      const { code, text } = await runOnTerminal(
        train(`wide-${columns}`, "--epochs", "2", "--batch-size", "8"),
        columns,
      );
      expect(code).toBe(0);
      const lines = drawn(text);
      expect(lines.find((line) => line.startsWith("Epoch 1/2 "))).toMatch(first);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
      // All that is obeyed is the erasing of the line's rest.
      expect(text.replaceAll(clear, "")).not.toContain("\u001B");
      const rows = text.split("\n").filter((line) => /^(epoch|\d\/2) /.test(line.split(clear).at(-1) ?? ""));
      expect(rows).toHaveLength(3);
      expect(text).toMatch(/\nSaved the model to [^\n]*\n/);
    },
  );

  test("Ctrl-C says that it stops after this step, saves, and exits with 130", { timeout: 120_000 }, async () => {
    let isPressed = false;
    const words = train("stopped", "--epochs", "500", "--batch-size", "2");
    const { code, text } = await runOnTerminal(words, 80, (shown, press) => {
      if (isPressed || drawn(shown).length < 2) return;
      isPressed = true;
      press(ctrlC);
    });
    expect(code).toBe(130);
    expect(text).toContain(
      "Stopping after this step; press Ctrl-C again to quit at once, with nothing kept since the last checkpoint.",
    );
    expect(text).toMatch(/Saved the model as it was after [\d,]+ of [\d,]+ steps to /);
    expect(text).toContain("Continue with: featuremap train --resume ");
    expect(await readdir(folder.path("stopped/model"))).toContain("model.json");
  });
});
