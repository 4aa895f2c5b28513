import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { loadBundle } from "@featuremap/formats";
import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

/** The values of a scalar in a run's event file, in order: a float32 behind its tag. */
async function told(folder: string, tag: string): Promise<number[]> {
  const [name = ""] = await readdir(folder);
  const bytes = await readFile(join(folder, name));
  const begin = Buffer.concat([Buffer.from(tag), Buffer.from([0x15])]);
  const values: number[] = [];
  for (let at = bytes.indexOf(begin); at >= 0; at = bytes.indexOf(begin, at + 1)) {
    values.push(bytes.readFloatLE(at + begin.length));
  }
  return values;
}

describe("a run's numbers", () => {
  const folder = temporaryFolder();
  const rows: Record<string, number>[] = [];

  beforeAll(async () => {
    for (let index = 0; index < 20; index++) {
      const picture = await discPicture(index % 2, index, [8, 8])
        .png()
        .toBuffer();
      // Names that tell nothing, so that little can be learned.
      await writeFiles(folder.path("photos"), { [`${index % 3 === 0 ? "one" : "two"}/${index}.png`]: picture });
    }
    const words =
      "--model small --epochs 8 --batch-size 8 --optimizer adam --learning-rate 0.3 --augment none --patience 3";
    const plainly = "--schedule plateau --device wasm --threads 1 --workers 0 --no-report --json";
    const ran = await run([
      "train",
      folder.path("photos"),
      ...`${words} ${plainly}`.split(" "),
      "--out",
      folder.path("run"),
    ]);
    expect(ran.error).toBe("");
    const lines = (await readFile(folder.path("run/history.jsonl"), "utf8")).trim().split("\n");
    for (const line of lines) rows.push(JSON.parse(line) as Record<string, number>);
  }, 60_000);

  const column = (name: string): number[] => rows.map((row) => Math.fround(row[name] ?? Number.NaN));

  test("are the same in its history and for TensorBoard, the rate before it is lowered", async () => {
    const train = folder.path("run/tensorboard/train");
    expect(new Set(column("learning_rate")).size).toBeGreaterThan(1);
    expect(await told(train, "epoch_learning_rate")).toEqual(column("learning_rate"));
    expect(await told(train, "epoch_loss")).toEqual(column("loss"));
    expect(await told(folder.path("run/tensorboard/validation"), "epoch_loss")).toEqual(column("val_loss"));
  });

  test("are in its model those of the epoch that the weights are of", async () => {
    const least = Math.min(...rows.map((row) => row["val_loss"] ?? Number.NaN));
    const best = rows.find((row) => row["val_loss"] === least);
    expect(rows.at(-1)).not.toBe(best);
    const { metrics, model } = await loadBundle(folder.path("run/model"));
    expect(metrics).toEqual({
      loss: best?.["loss"],
      accuracy: best?.["accuracy"],
      val_loss: expect.closeTo(least, 6) as number,
      val_accuracy: best?.["val_accuracy"],
    });
    model.dispose();
    const card = await readFile(folder.path("run/README.md"), "utf8");
    expect(card).toContain(`The weights are those of epoch ${best?.["epoch"]}, after which the loss`);
  });
});
