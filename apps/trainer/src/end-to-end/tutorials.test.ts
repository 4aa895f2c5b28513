import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { disc, discPicture, patches, writeFiles } from "../testing/made-pictures.ts";
import { type Run, run } from "../testing/run.ts";

const pages = new URL("../../../../docs/tutorials/command-line/", import.meta.url);

/** Where a reader is who follows a page. */
let folder = "";
const before = process.cwd();
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "featuremap-tutorial-")));
  process.chdir(folder);
  vi.stubEnv("FEATUREMAP_CACHE", join(folder, "cache"));
});
afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

/** What makes every command quick, and is in no text. */
const quick = { FEATUREMAP_DEVICE: "wasm", FEATUREMAP_THREADS: "1", FEATUREMAP_WORKERS: "0" };

/** What came of a page: what each of its commands printed, by the command line. */
type Outputs = ReadonlyMap<string, string>;

/** Runs a page's command lines, one after another, as they stand there. All of them must succeed. */
async function follow(page: string, environment: Readonly<Record<string, string>>): Promise<Outputs> {
  const text = await readFile(new URL(page, pages), "utf8");
  const outputs = new Map<string, string>();
  for (const [, block = ""] of text.matchAll(/^```sh\n([^]*?)^```/gm)) {
    for (const line of block.trim().split("\n")) {
      const [program, ...words] = line.split(" ");
      if (line === "npm install featuremap") continue;
      expect([line, program, words.shift()]).toEqual([line, "npx", "featuremap"]);
      const { code, output, error } = await runLine(words, { ...quick, ...environment });
      expect({ line, code, error }).toEqual({ line, code: 0, error: "" });
      outputs.set(words.join(" "), output);
    }
  }
  const missing = namedFiles(text).filter((path) => !existsSync(join(folder, path)));
  expect(missing).toEqual([]);
  return outputs;
}

/** A server runs until it is told to end, as by Ctrl-C. */
function runLine(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<Run> {
  const isServer = words[0] === "serve";
  const settings = { environment: { ...environment, ...(isServer ? { FEATUREMAP_PORT: "0" } : {}) }, folder };
  return run(words, isServer ? { ...settings, onOutput: (_, interrupt) => setTimeout(interrupt, 0) } : settings);
}

/** Files that a page names as what its commands write. */
function namedFiles(text: string): readonly string[] {
  const prose = text.replaceAll(/^```[^]*?^```/gm, "");
  const named = Array.from(prose.matchAll(/`([\w./-]+)`/g), ([, path = ""]) => path);
  return named.filter((path) => /\/.*\w\.(html|png|svg|csv|jsonl|json|md)$/.test(path));
}

/** One of CIFAR-10's binary files: for each picture its class, then its red, its green and its blue values. One class is wrong. */
function cifarFile(seed: number, count: number): Uint8Array {
  const file = new Uint8Array(count * 3073);
  for (let index = 0; index < count; index++) {
    file[index * 3073] = index % 10;
    const pixels = disc(index === 0 ? 5 : index % 10, seed * 100 + index, [32, 32]);
    pixels.forEach((value, at) => (file[index * 3073 + 1 + (at % 3) * 1024 + Math.floor(at / 3)] = value));
  }
  return file;
}

const list = await readFile(new URL("index.md", pages), "utf8");
const pageNames = (await readdir(pages)).filter((name) => name !== "index.md");

test.for(pageNames)("%s is listed, and takes two screens at most", async (page) => {
  const text = await readFile(new URL(page, pages), "utf8");
  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(90);
  expect(list).toContain(`](${page})`);
});

test("eight filters and eight feature maps are files", { timeout: 300_000 }, async () => {
  const outputs = await follow("filters-and-feature-maps.md", { FEATUREMAP_LIMIT: "64" });
  expect(outputs.get("summary runs/notebook")).toMatch(/80[^]*13,530/);
  const names = Array.from({ length: 8 }, (_, index) => `-conv2d-${index}.png`);
  expect(await readdir(join(folder, "filters"))).toEqual(names.map((name) => `filters${name}`));
  expect(await readdir(join(folder, "maps"))).toEqual(names.map((name) => `feature-maps-mnist-0${name}`));
  const history = await readFile(join(folder, "runs/notebook/history.csv"), "utf8");
  expect(history.trimEnd().split("\n")).toHaveLength(1 + 10);
});

test("25 labelled images and learning curves are drawn", { timeout: 300_000 }, async () => {
  const batches = [1, 2, 3, 4, 5].map((batch) => [`data_batch_${batch}.bin`, cifarFile(batch, 20)] as const);
  await writeFiles(join(folder, "binary"), { ...Object.fromEntries(batches), "test_batch.bin": cifarFile(6, 20) });
  await follow("labelled-images-and-curves.md", { FEATUREMAP_DATA_FOLDER: join(folder, "binary") });
  const grid = await readFile(join(folder, "runs/cifar/pictures/labelled.svg"), "utf8");
  expect(grid.match(/data-index="\d+"/g)).toHaveLength(25);
  const curves = await readFile(join(folder, "runs/cifar/pictures/learning-curves.svg"), "utf8");
  expect(curves).toMatch(/accuracy/i);
});

test("20 epochs and then 10 are 30, to the bit", { timeout: 600_000 }, async () => {
  await writeFaces(join(folder, "celeba"), 20);
  const outputs = await follow("on-to-30-epochs.md", { FEATUREMAP_IMAGE_SIZE: "24" });
  const history = await readFile(join(folder, "runs/gender/history.csv"), "utf8");
  expect(history.trimEnd().split("\n")).toHaveLength(1 + 30);
  expect(outputs.get("train --resume runs/gender --epochs 30")).toContain("Going on in runs/gender");

  const { output: health } = await run(["doctor", "runs/gender", "--device", "cpu"], { folder });
  expect(health).toContain("runs/gender is finished: 30 of 30 epochs done");
  expect(health).toContain("its pictures are where they were, in celeba-gender");

  const words = [
    "train",
    "celeba-gender",
    "--data-folder",
    "celeba",
    "--epochs",
    "30",
    "--no-report",
    "--out",
    "runs/whole",
  ];
  const whole = await runLine(words, { ...quick, FEATUREMAP_IMAGE_SIZE: "24" });
  expect(whole).toMatchObject({ code: 0, error: "" });
  const weights = (run_: string): Promise<Buffer> => readFile(join(folder, "runs", run_, "model/weights.safetensors"));
  expect((await weights("gender")).equals(await weights("whole"))).toBe(true);
});

test("a folder of mixed photos becomes a classifier in a page", { timeout: 600_000 }, async () => {
  await writePhotos();
  const outputs = await follow("dogs-and-cats.md", { FEATUREMAP_EPOCHS: "2", FEATUREMAP_IMAGE_SIZE: "32" });
  const split = await readFile(join(folder, "split.csv"), "utf8");
  for (const part of ["train", "validation", "test"]) expect(split).toMatch(new RegExp(`,(cat|dog),${part}$`, "m"));
  expect(outputs.get("predict runs/pets-2 my-photos/rex.jpg my-photos/tom.png --top 1")).toMatch(/rex\.jpg.*(cat|dog)/);
  expect(outputs.get("serve runs/pets-2")).toContain("http://localhost:");
  expect(await readdir(join(folder, "runs"))).toEqual(["pets-1", "pets-2"]);
});

/** Faces of CelebA's shape, their two lists, and parts of 6/10, 2/10 and 2/10. Of one of the last the attribute is wrong. */
async function writeFaces(where: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${String(index + 1).padStart(6, "0")}.jpg`);
  const isMale = (index: number): boolean => (index % 2 === 1) !== (index === 8);
  const rows = names.map((name, index) => `${name} ${index % 3 === 0 ? " 1" : "-1"} ${isMale(index) ? " 1" : "-1"}`);
  const parts = names.map((name, index) => `${name} ${index % 10 < 6 ? 0 : index % 10 < 8 ? 1 : 2}`);
  for (const [index, name] of names.entries()) {
    const face = await discPicture(index % 2, index, [54, 44])
      .jpeg()
      .toBuffer();
    await writeFiles(where, { [`img_align_celeba/${name}`]: face });
  }
  await writeFiles(where, {
    "list_attr_celeba.txt": `${count}\nEyeglasses Male \n${rows.join("\n")}\n`,
    "list_eval_partition.txt": `${parts.join("\n")}\n`,
  });
}

/** Photos of all sizes and kinds, grey ones, and one that is damaged. */
async function writePhotos(): Promise<void> {
  for (const [label, name] of ["cat", "dog"].entries()) {
    for (let index = 0; index < 30; index++) {
      const picture = patches(100 * label + index, [40 + index, 70 - index]);
      const kinds = [picture.clone().jpeg(), picture.clone().png(), picture.clone().grayscale().webp()] as const;
      const extension = ["jpg", "png", "webp"][index % 3] ?? "";
      const file = await (kinds[index % 3] ?? kinds[0]).toBuffer();
      await writeFiles(join(folder, "photos"), { [`${name}/${index}.${extension}`]: file });
    }
  }
  const damaged = (await patches(1).jpeg().toBuffer()).subarray(0, 300);
  await writeFiles(folder, {
    "photos/dog/damaged.jpg": damaged,
    "my-photos/rex.jpg": await patches(7).jpeg().toBuffer(),
    "my-photos/tom.png": await patches(8).png().toBuffer(),
  });
}
