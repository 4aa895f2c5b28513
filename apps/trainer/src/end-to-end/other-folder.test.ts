import { execFile } from "node:child_process";
import { mkdir, readFile, rename } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../testing/made-pictures.ts";
import { temporaryFolder } from "../testing/saved-model.ts";

const cli = fileURLToPath(new URL("../testing/cli-under-test.mjs", import.meta.url));
const plainly = "--device wasm --threads 1 --workers 0 --batch-size 4 --seed 4";

describe("what a run and a sweep write starts the same again", { timeout: 180_000 }, () => {
  const folder = temporaryFolder();
  /** Runs the command in a folder of its own, with what is written there as a user writes it. */
  const featuremap = async (place: "here" | "elsewhere", words: string): Promise<string> => {
    const options = { cwd: folder.path(place) };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...words.split(" ")], options);
    expect(stderr).toBe("");
    return stdout;
  };
  const refused = (place: "here" | "elsewhere", words: string): Promise<unknown> =>
    featuremap(place, words).then(
      () => "nothing",
      ({ stderr }: { readonly stderr: string }) => stderr,
    );
  const weights = (name: string): Promise<Buffer> => readFile(folder.path(`${name}/model/weights.safetensors`));
  const written = async (file: string): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> =>
    JSON.parse(await readFile(folder.path(file), "utf8")) as Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    await mkdir(folder.path("elsewhere"));
    for (const label of [0, 1]) {
      for (let index = 0; index < 10; index++) {
        const picture = await discPicture(label, index, [12, 12]).png().toBuffer();
        await writeFiles(folder.path("here/pets"), { [`${label}/${index}.png`]: picture });
      }
    }
    await featuremap("here", `train pets --model small --epochs 1 --no-report --out base ${plainly}`);
  }, 120_000);

  test("a run, from another folder and moved there", async () => {
    const said = "cats-and-dogs --data-folder pets --image-size 12 --model base --epochs 1 --no-report";
    await featuremap("here", `train ${said} --out run ${plainly}`);
    expect((await written("here/run/config.json"))["train"]).toMatchObject({
      data: "cats-and-dogs",
      dataFolder: folder.path("here/pets"),
      model: folder.path("here/base/model"),
    });
    await rename(folder.path("here/run"), folder.path("elsewhere/moved"));
    await featuremap("elsewhere", "train --config moved/config.json --no-report --out again");
    expect(await weights("elsewhere/again")).toEqual(await weights("elsewhere/moved"));
    const longer = await featuremap("elsewhere", "train --resume moved --epochs 2 --json");
    expect(longer).toContain('"resumed":true');
  });

  test("a sweep, with a saved model among what is tried", async () => {
    const said = "--grid model=base,small --fraction 0.5 --epochs 1";
    await featuremap("here", `sweep pets ${said} --out sweep ${plainly}`);
    expect((await written("here/sweep/sweep.json"))["sweep"]).toMatchObject({
      data: folder.path("here/pets"),
      grid: { model: [folder.path("here/base/model"), "small"] },
    });
    await rename(folder.path("here/sweep"), folder.path("elsewhere/sweep"));
    await featuremap("elsewhere", "sweep --config sweep/sweep.json --out swept");
    for (const trial of ["trial-1", "trial-2"]) {
      expect(await weights(`elsewhere/swept/${trial}`)).toEqual(await weights(`elsewhere/sweep/${trial}`));
    }
    const done = await featuremap("elsewhere", "sweep --resume sweep --json");
    expect(done).toContain('"resumed":true');
    expect(done).not.toContain('"event":"epoch"');
    // It goes by the place that is meant, however that is typed.
    const other = await refused("elsewhere", "sweep --resume sweep --grid model=../here/base,small --fraction 0.25");
    expect(other).toContain("--fraction must be 0.5, as in");
  });

  test("pictures that were moved are named anew, and must be the same", async () => {
    await featuremap("here", `train pets --model small --epochs 1 --no-report --out run ${plainly}`);
    await rename(folder.path("here/pets"), folder.path("elsewhere/animals"));
    expect(await refused("here", "train --resume run --epochs 2")).toMatch(
      /The pictures of run are no longer at .*here.pets\. Put them back, or say where they are now: featuremap train <data> --resume run\n$/,
    );
    await writeFiles(folder.path("here/others"), { "0/a.png": "", "0/b.png": "", "1/a.png": "", "1/b.png": "" });
    expect(await refused("here", "train others --resume run --epochs 2")).toMatch(
      /others no longer has .*Put them back/,
    );
    await featuremap("here", "train ../elsewhere/animals --resume run --epochs 2 --no-report");
    expect((await written("here/run/config.json"))["train"]).toMatchObject({
      data: folder.path("elsewhere/animals"),
      epochs: 2,
    });
    await rename(folder.path("elsewhere/animals"), folder.path("here/pets"));
  });
});
