import * as fs from "node:fs/promises";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as datasets from "@featuremap/datasets";
import * as devices from "@featuremap/devices";
import { saveBundle } from "@featuremap/formats";
import * as images from "@featuremap/images";
import * as inference from "@featuremap/inference";
import * as layers from "@featuremap/layers";
import { printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import * as training from "@featuremap/training";
import * as visualize from "@featuremap/visualize";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const modules = {
  "node:fs/promises": fs,
  "@featuremap/datasets": datasets,
  "@featuremap/devices": devices,
  "@featuremap/images": images,
  "@featuremap/inference": inference,
  "@featuremap/layers": layers,
  "@featuremap/training": training,
  "@featuremap/visualize": visualize,
};

const page = await readFile(new URL("../../docs/guides/data.md", import.meta.url), "utf8");

/** A section with an example. */
interface Section {
  readonly name: string;
  readonly code: string;
}

const sections: Section[] = Array.from(page.matchAll(/^## (.*)\n[^]*?(?=^## |(?![^]))/gm), ([section, name = ""]) => ({
  name,
  code: /```ts\n([^]*?)```/.exec(section)?.[1] ?? "",
})).filter(({ code }) => code !== "");

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}

/** An IDX file. */
function idx(...shape: number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 + shape.length);
  shape.forEach((length, axis) => header.writeUInt32BE(length, 4 + 4 * axis));
  return Buffer.concat([
    header,
    Buffer.alloc(
      shape.reduce((product, length) => product * length, 1),
      9,
    ),
  ]);
}

/** What the examples read, by its path. */
async function dataFiles(): Promise<Record<string, Uint8Array | string>> {
  const sources = new URL("../../packages/datasets/src/sources/", import.meta.url);
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(new URL(name, sources), "utf8"));
  const { pictures, cifar } = (await read("files.golden.json")) as {
    pictures: Record<"zip" | "tgz" | "tfrecord" | "npz", string> & { shards: string[] };
    cifar: Record<"binary" | "binary100", string>;
  };
  const { files } = (await read("folder/folder.golden.json")) as { files: Record<string, string> };
  const picture = bytesOf(files["Zebra/z.png"] ?? "");
  const batches = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
  const same = (names: readonly string[], contents: Uint8Array): Record<string, Uint8Array> =>
    Object.fromEntries(names.map((name) => [name, contents]));
  return {
    ...same(
      [0, 1, 2, 3, 4, 5].flatMap((number) => [`photos/cat/${number}.png`, `photos/dog/${number}.png`]),
      picture,
    ),
    ...same(["parts/train/cat/1.png", "parts/train/cat/2.png", "parts/train/dog/1.png"], picture),
    ...same(["parts/val/cat/3.png", "parts/val/dog/3.png"], picture),
    ...same(["numbered/cat.0.png", "numbered/cat.1.png", "numbered/dog (1).png", "numbered/dog_12.png"], picture),
    "table/labels.csv": 'file,breed\na.png,beagle\nb.png,"persian, white"\n',
    "photos.zip": bytesOf(pictures.zip),
    "flower_photos.tgz": bytesOf(pictures.tgz),
    "shards/0.tar": bytesOf(pictures.shards[0] ?? ""),
    "shards/1.tar": bytesOf(pictures.shards[1] ?? ""),
    "photos.tfrecord": bytesOf(pictures.tfrecord),
    "shades.npz": bytesOf(pictures.npz),
    "fashion/train-images-idx3-ubyte": idx(2, 28, 28),
    "fashion/train-labels-idx1-ubyte": idx(2),
    "fashion/t10k-images-idx3-ubyte": idx(1, 28, 28),
    "fashion/t10k-labels-idx1-ubyte": idx(1),
    ...same(
      [...batches, "test_batch.bin"].map((name) => `cifar/${name}`),
      bytesOf(cifar.binary),
    ),
    ...same(["cifar/train.bin", "cifar/test.bin"], bytesOf(cifar.binary100)),
    "celeba/list_attr_celeba.txt": "4\nMale Smiling\n1.jpg -1 1\n2.jpg 1 -1\n3.jpg 1 1\n4.jpg -1 -1\n",
    "celeba/list_eval_partition.txt": "1.jpg 0\n2.jpg 0\n3.jpg 1\n4.jpg 2\n",
    ...same(["damaged/cat/1.png", "damaged/cat/2.png", "damaged/dog/3.png"], picture),
    "damaged/dog/empty.png": "",
  };
}

let folder = "";
const workingFolder = process.cwd();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-guide-"));
  for (const [name, contents] of Object.entries(await dataFiles())) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), contents);
  }
  process.env["FEATUREMAP_CACHE"] = join(folder, "cache");
  process.chdir(folder);
  await devices.openDevice();
  await saveBundle(likesTheFirst(), "runs/photos/model", {
    preprocessing: images.plainPreprocessing([8, 8], "rgb", 1 / 255),
    labels: ["cat", "dog"],
  });
});

/** Finds all classes equally probable. */
function likesTheFirst(): layers.Sequential {
  const dense = new layers.Dense({ units: 2, activation: "softmax", kernelInitializer: "zeros" });
  return new layers.Sequential([new layers.Flatten({ inputShape: [8, 8, 3] }), dense]);
}

afterAll(async () => {
  delete process.env["FEATUREMAP_CACHE"];
  process.chdir(workingFolder);
  await rm(folder, { recursive: true, force: true });
  tf.disposeVariables();
});

describe("the guide of data", () => {
  test("has an example for every source", () => {
    const all = sections.map(({ code }) => code).join("\n");
    const found = Object.keys(datasets).filter((name) =>
      /^(image(Files|Dataset|Folders)|cifar|celeb|flowers|.*[mM]nist)/.test(name),
    );
    expect(found.length).toBeGreaterThan(12);
    expect(found.filter((name) => !all.includes(`${name}(`))).toEqual([]);
  });

  test("links to all of its sections", () => {
    const headings = Array.from(page.matchAll(/^## (.*)$/gm), ([, name = ""]) => name);
    const links = Array.from(page.matchAll(/^- \[(.*)\]\(#(.*)\)$/gm), ([, name, anchor]) => [name, anchor]);
    expect(links).toEqual(
      headings.map((name) => [
        name,
        name
          .toLowerCase()
          .replaceAll(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      ]),
    );
  });

  test.for(sections)(
    "$name: 15 lines at most, which print what their comments say",
    { timeout: 120_000 },
    async ({ code }) => {
      expect(code.split("\n").filter((line) => line !== "").length).toBeLessThanOrEqual(15);
      const zip = await readFile("photos.zip");
      const input = { files: [new File([new Uint8Array(zip)], "photos.zip")] };
      const printed = printedLines(await runExample(code, modules, { input }));
      expect(printed.length).toBeGreaterThan(0);
      expect(printed).toEqual(promisedLines(code));
    },
  );
});
