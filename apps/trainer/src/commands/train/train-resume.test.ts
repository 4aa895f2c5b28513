import { readFile, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { runKilled } from "../../testing/killed-runs.ts";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

const cli = fileURLToPath(new URL("../../testing/cli-under-test.mjs", import.meta.url));
/** All that has a state: moving means, blended batches, augmentation, a plateau, early stopping. */
const said =
  "--epochs 4 --batch-size 8 --device wasm --threads 1 --workers 0 --save-steps 2 --ema 0.9 --mixup 0.3 --cutmix 1 " +
  "--augment strong --optimizer adam --schedule plateau --patience 3 --class-weight balanced --seed 6";

describe("featuremap train --resume", () => {
  const folder = temporaryFolder();
  const photos = (): string => folder.path("photos");
  const words = (): string[] => [photos(), ...said.split(" ")];
  const weights = (name: string): Promise<Buffer> => readFile(folder.path(`${name}/model/weights.safetensors`));
  const losses = async (name: string): Promise<unknown[]> =>
    parseLines(await readFile(folder.path(`${name}/history.jsonl`), "utf8")).map((row) => ({ ...row, seconds: 0 }));

  beforeAll(async () => {
    for (const label of [0, 1, 2]) {
      for (let index = 0; index < 20; index++) {
        const picture = await discPicture(label, index, [16, 16]).png().toBuffer();
        await writeFiles(photos(), { [`${label}/${index}.png`]: picture });
      }
    }
    const { code, error } = await run(["train", ...words(), "--json", "--out", folder.path("whole")]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
  }, 60_000);

  test(
    "after SIGKILL at random moments the weights are those of a run that was never killed",
    { timeout: 300_000 },
    async () => {
      const out = folder.path("killed");
      const { killed } = await runKilled({ command: [cli], words: words(), out, within: 2, kills: 3, seed: 11 });
      expect(killed).toBeGreaterThan(0);
      expect(await weights("killed")).toEqual(await weights("whole"));
      expect(await losses("killed")).toEqual(await losses("whole"));
    },
  );

  test("a run that was killed while its report was made makes it, and changes no weight", async () => {
    const out = folder.path("unreported");
    await run(["train", ...words(), "--json", "--out", out]);
    const again = await run(["train", "--resume", out]);
    expect(again).toMatchObject({ code: 2, error: expect.stringContaining("--epochs must be above 4") });
    await rm(join(out, "report.html"));
    const { code, error } = await run(["train", "--resume", out]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("Confusion matrix");
    expect(await weights("unreported")).toEqual(await weights("whole"));
  });

  test("after Ctrl-C in the middle of an epoch too, with other epochs, pictures and checkpoints about", async () => {
    const out = folder.path("stopped");
    let count = 0;
    const stopped = await run(["train", ...words(), "--json", "--out", out], {
      onOutput(printed, interrupt) {
        if (count === 0 && printed.includes('"progress"')) interrupt();
        count += printed.includes('"progress"') ? 1 : 0;
      },
    });
    expect(stopped.code).toBe(130);
    const end = parseLines(stopped.output).at(-1);
    expect(end).toMatchObject({ event: "end", stopped: true, stepsPlanned: 24 });
    expect(Number(end?.["steps"])).toBeLessThan(24);
    // What was not there when the run began is not part of it.
    await writeFiles(photos(), { "0/new.png": await discPicture(0, 77, [16, 16]).png().toBuffer() });
    try {
      const resumed = await run(["train", "--resume", out, "--json"]);
      expect(resumed.error).toBe("");
      expect(resumed.code).toBe(0);
      expect(parseLines(resumed.output)[0]).toMatchObject({ event: "start", resumed: true });
      expect(await weights("stopped")).toEqual(await weights("whole"));
      expect(await losses("stopped")).toEqual(await losses("whole"));
    } finally {
      await rm(join(photos(), "0/new.png"));
    }
  });

  test("goes on to more epochs with what an older checkpoint holds, where the newest is damaged", async () => {
    const out = folder.path("longer");
    await run(["train", photos(), ...said.replace("--epochs 4", "--epochs 2").split(" "), "--json", "--out", out]);
    await writeFile(join(out, "checkpoints/last/backup.safetensors"), "torn");
    const { code, output, error } = await run(["train", "--resume", out, "--epochs", "4"]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(output).toContain("The last checkpoint is missing or damaged: resuming from the one before it\n");
    expect(await losses("longer")).toEqual(await losses("whole"));
    expect(await weights("longer")).toEqual(await weights("whole"));
  });

  test("refuses fewer epochs than it has begun, before it says or changes anything", async () => {
    const out = folder.path("begun");
    const wanted =
      "--epochs 2 --batch-size 8 --device wasm --workers 0 --save-steps 5 --schedule one-cycle --no-report";
    await run(["train", photos(), ...wanted.split(" "), "--json", "--out", out]);
    const config = await readFile(join(out, "config.json"), "utf8");
    const fewer = (): ReturnType<typeof run> => run(["train", "--resume", out, "--epochs", "1"]);
    const refused = {
      code: 2,
      output: "",
      error: expect.stringMatching(/--epochs must be 2 or more, the epochs that \S*begun has begun, received 1/),
    };
    // As where it was killed when two epochs were done, and in the middle of the second.
    await rm(join(out, "model"), { recursive: true });
    expect(await fewer()).toMatchObject(refused);
    await rm(join(out, "checkpoints/last/backup.safetensors"));
    expect(await fewer()).toMatchObject(refused);
    expect(await readFile(join(out, "config.json"), "utf8")).toBe(config);
    const { code, error } = await run(["train", "--resume", out, "--epochs", "2"]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
  });

  test("says that it begins again without a checkpoint, and what is wrong with a history or other pictures", async () => {
    const out = folder.path("bare");
    await run(["train", photos(), ...said.replace("--epochs 4", "--epochs 1").split(" "), "--json", "--out", out]);
    const history = join(out, "history.jsonl");
    const whole = await readFile(history, "utf8");
    await writeFile(history, whole.slice(0, 30));
    const resume = ["train", "--resume", out, "--epochs", "2", "--json"];
    expect(await run(resume)).toMatchObject({
      code: 1,
      error: expect.stringMatching(
        /history\.jsonl is damaged: line 1 is not JSON\. Remove the file to continue without/,
      ),
    });
    await writeFile(history, whole);
    const split = join(out, "split.csv");
    const table = await readFile(split, "utf8");
    await writeFile(split, table.replace(",validation", ",train"));
    expect(await run(resume)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/was trained on other pictures than .* Put them back as they were, or start a new/),
    });
    await writeFile(split, table);
    await rm(join(out, "checkpoints"), { recursive: true });
    const { code, output, error } = await run(resume);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(parseLines(output)).toContainEqual({
      event: "note",
      text: "There is no checkpoint: the run starts again at epoch 1",
    });
  });

  test("refuses what would make another run of it, one that is done, and one that is none", async () => {
    const whole = folder.path("whole");
    const refused = async (...more: string[]): Promise<string> => {
      const { code, error } = await run(["train", ...more]);
      expect(code).toBe(2);
      expect(error.trimEnd()).not.toContain("\n");
      return error;
    };
    expect(await refused("--resume", whole)).toContain("--epochs must be above 4, which");
    expect(await refused("--resume", whole, "--batch-size", "4")).toMatch(/--batch-size must be 8, as in .*--config/);
    expect(await refused("--resume", whole, "--seed", "7")).toContain("--seed must be 6, as in");
    expect(await refused("mnist", "--resume", whole)).toContain("data must be");
    expect(await refused("--resume", folder.path("photos"))).toContain("--resume must be the folder of a run");
    expect(await refused("--resume", whole, "--out", "x")).toContain("--out must be left out with --resume");
    expect(await refused("--resume", whole, "--config", join(whole, "config.json"))).toContain(
      "give --resume or --config",
    );
    await rm(join(photos(), "0/0.png"));
    const { code, error } = await run(["train", "--resume", whole, "--epochs", "9"]);
    expect({ code, error }).toEqual({
      code: 1,
      error: expect.stringMatching(/no longer has 0\/0\.png\. Put them back/),
    });
    await writeFiles(photos(), { "0/0.png": await discPicture(0, 0, [16, 16]).png().toBuffer() });
  });

  test("by itself takes the last run of the data, or of all", async () => {
    await run(["train", "mnist", "--limit", "64", "--epochs", "1", "--out", folder.path("runs/mnist-1")]);
    await run(["train", "mnist", "--limit", "64", "--epochs", "1", "--out", folder.path("runs/mnist-2")]);
    await run(["train", ...words(), "--out", folder.path("runs/photos-1")]);
    for (const file of await readdir(folder.path("runs/photos-1")))
      await utimes(folder.path(`runs/photos-1/${file}`), 1, 1);
    await utimes(folder.path("runs/photos-1/checkpoints/last/backup.safetensors"), 1, 1);
    const shown = async (...more: string[]): Promise<string> =>
      (await run(["train", ...more, "--print-config"], { folder: folder.path() })).output;
    expect(await shown("mnist", "--resume")).toContain(folder.path("runs/mnist-2/config.json"));
    expect(await shown("--resume")).toContain(folder.path("runs/mnist-2/config.json"));
    expect(await shown(photos(), "--resume", "--epochs", "9")).toContain(folder.path("runs/photos-1/config.json"));
    expect(await shown("--resume", "photos-1")).toContain(folder.path("runs/photos-1/config.json"));
  });
});
