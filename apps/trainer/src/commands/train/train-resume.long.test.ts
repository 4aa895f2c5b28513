import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runKilled } from "../../testing/killed-runs.ts";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

const cli = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));
const folder = temporaryFolder();

test("SIGKILL at 40 random moments, saves included: the final weights are those of a run that was never killed", async () => {
  const photos = folder.path("photos");
  for (const label of [0, 1, 2, 3]) {
    for (let index = 0; index < 40; index++) {
      const picture = await discPicture(label, index, [24, 24]).png().toBuffer();
      await writeFiles(photos, { [`${label}/${index}.png`]: picture });
    }
  }
  const said =
    "--epochs 24 --batch-size 8 --device wasm --threads 2 --workers 2 --save-steps 1 --ema 0.9 --mixup 0.3 --cutmix 1 " +
    "--augment strong --schedule cosine --seed 8";
  const words = [photos, ...said.split(" ")];
  const began = performance.now();
  const run = { command: [cli], words, within: 0, kills: 0, seed: 3 };
  await runKilled({ ...run, out: folder.path("whole") });
  const seconds = (performance.now() - began) / 1000;
  // So that the run has not ended when it is to be killed for the last time.
  const within = seconds / 25;
  const { killed } = await runKilled({ ...run, out: folder.path("killed"), within, kills: 40 });
  expect(killed).toBe(40);
  const [weights, whole] = await Promise.all(
    ["killed", "whole"].map((name) => readFile(folder.path(`${name}/model/weights.safetensors`))),
  );
  expect(weights).toEqual(whole);
  const numbers = async (name: string): Promise<string[]> => {
    const table = await readFile(folder.path(`${name}/history.csv`), "utf8");
    return table.split("\n").map((line) => line.split(",").toSpliced(1, 1).join(","));
  };
  expect(await numbers("killed")).toEqual(await numbers("whole"));
});
