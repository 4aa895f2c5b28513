import { readFile, readdir, writeFile } from "node:fs/promises";
import { saveBundle } from "@featuremap/formats";
import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, GlobalAveragePooling2D, MaxPooling2D, Sequential } from "@featuremap/layers";
import sharp from "sharp";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { discPicture } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { saveSmallModel, temporaryFolder } from "../../testing/saved-model.ts";

// The first command loads all that it needs.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = temporaryFolder();
const labels = ["cat", "dog", "Zebra Finch"];

beforeAll(async () => {
  const model = new Sequential(
    [
      new Conv2D({ filters: 12, kernelSize: 3, activation: "relu", inputShape: [24, 32, 3], name: "first" }),
      new MaxPooling2D({ poolSize: 2, name: "pool" }),
      new Conv2D({ filters: 5, kernelSize: 3, name: "second" }),
      new Conv2D({ filters: 4, kernelSize: 3, name: "third" }),
      new GlobalAveragePooling2D({ name: "mean" }),
      new Dense({ units: 3, activation: "softmax", name: "answer" }),
    ],
    { seed: 3 },
  );
  const description = { preprocessing: plainPreprocessing([24, 32], "rgb", 1 / 255), labels };
  await saveBundle(model, folder.path("model"), description);
  await saveBundle(model, folder.path("runs/photos-1/model"), description);
  await writeFile(folder.path("runs/photos-1/environment.json"), JSON.stringify({ format: "featuremap-run" }));
  model.dispose();
  await saveSmallModel(folder.path("dense"));
  await writeFile(folder.path("a cat, ünï.png"), await discPicture(0, 1, [50, 70]).png().toBuffer());
  await writeFile(folder.path("broken.jpg"), "no picture");
});

/** In the folder, as a person there would type it. */
const inspect = (...words: string[]): ReturnType<typeof run> =>
  run(["inspect", ...words, "--device", "wasm", "--threads", "1"], { folder: folder.path() });

const picture = (): string => folder.path("a cat, ünï.png");

/** Height and width of a file. */
async function sizeOf(path: string): Promise<readonly [number | undefined, number | undefined]> {
  const { width, height } = await sharp(path).metadata();
  return [height, width];
}

describe("featuremap inspect", () => {
  test("finds a data set where the run found it", async () => {
    const place = folder.path("data");
    await writeFile(
      folder.path("runs/photos-1/config.json"),
      JSON.stringify({ train: { data: "cifar10", dataFolder: place } }),
    );
    const { code, error } = await inspect("photos-1", "--grad-cam", "cifar10:0");
    expect(code).not.toBe(0);
    expect(error).toContain(place);
  });

  test("draws the filters where nothing is asked for, and says what else there is", async () => {
    const { code, output, error } = await inspect(folder.path("model"));
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(output).toMatch(
      /^Filters of first, 12, 3 x 3 each: inspect[/\\]filters-first\.png\n--feature-maps, --grad-cam .*\n$/,
    );
    // Two rows of eight columns, 48 pixels each, with 2 between.
    expect(await sizeOf(folder.path("inspect/filters-first.png"))).toEqual([98, 398]);
  });

  test("draws all of it into a run's own folder", async () => {
    const image = picture();
    const asked = ["--filters", "--feature-maps", image, "--grad-cam", image, "--occlusion", image];
    const { code, output, error } = await inspect("photos-1", ...asked);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const lines = output.trimEnd().split("\n");
    // The picture is opened once.
    expect(lines[0]).toMatch(/^\S.*a cat, ünï\.png: (cat|dog|Zebra Finch) \d+\.\d%, [^,]+%, [^,]+%$/);
    expect(lines.slice(1).map((line) => line.replace(/ for [^:]+/, "").replace(/: .*[/\\]/, ": "))).toEqual([
      "Filters of first, 12, 3 x 3 each: filters-first.png",
      "Feature maps of first, 12, 30 x 22 each: feature-maps-a cat, ünï-first.png",
      "Feature maps of second, 5, 13 x 9 each: feature-maps-a cat, ünï-second.png",
      "Feature maps of third, 4, 11 x 7 each: feature-maps-a cat, ünï-third.png",
      "Grad-CAM of third: grad-cam-a cat, ünï-third.png",
      "Grad-CAM of third: grad-cam-a cat, ünï-third.svg",
      "Occlusion: occlusion-a cat, ünï.png",
      "Occlusion: occlusion-a cat, ünï.svg",
    ]);
    const written = await readdir(folder.path("runs/photos-1/inspect"));
    expect(written).toHaveLength(8);
    for (const name of written) {
      const [height = 0, width = 0] = await sizeOf(folder.path(`runs/photos-1/inspect/${name}`));
      expect([name, height >= 7 && width >= 11]).toEqual([name, true]);
    }
    // Five times the network's 24 x 32.
    expect(await sizeOf(folder.path("runs/photos-1/inspect/grad-cam-a cat, ünï-third.png"))).toEqual([120, 160]);
  });

  test("draws each filter and each map as a file, as many as asked for", async () => {
    const asked = ["--filters", "--feature-maps", picture(), "--layer", "0", "--count", "11", "--each"];
    const { output } = await inspect(folder.path("model"), ...asked, "--out", "single files");
    expect(output).toContain("Filters of first, 11 of 12, 3 x 3 each: ");
    expect(output).toMatch(/filters-first-00\.png \.\.\. filters-first-10\.png\n/);
    expect(output).toMatch(/feature-maps-a cat, ünï-first-00\.png \.\.\. feature-maps-a cat, ünï-first-10\.png\n$/);
    const names = await readdir(folder.path("single files"));
    expect(names.filter((name) => name.startsWith("filters-"))).toHaveLength(11);
    expect(names).toHaveLength(22);
    expect(await sizeOf(folder.path("single files/filters-first-03.png"))).toEqual([160, 160]);
    // Each filter is another picture; maps may be empty behind ReLU.
    const filters = names.filter((name) => name.startsWith("filters-"));
    const files = await Promise.all(filters.map((name) => readFile(folder.path(`single files/${name}`), "base64")));
    expect(new Set(files).size).toBe(11);
  });

  test("takes any layers for maps, and any class for where it looks", async () => {
    const asked = ["--feature-maps", picture(), "--grad-cam", picture(), "--layer", "pool,second", "--out", "layers"];
    const words = [folder.path("model"), ...asked, "--class", "zebra finch", "--cam-method", "hiResCam"];
    const { code, output } = await inspect(...words, "--json");
    expect(code).toBe(0);
    const events = parseLines(output);
    expect(events.map(({ event, kind, layer, class: label }) => [event, kind, layer, label])).toEqual([
      ["image", undefined, undefined, undefined],
      ["file", "featureMaps", "pool", undefined],
      ["file", "featureMaps", "second", undefined],
      ["file", "gradCam", "pool", "Zebra Finch"],
      ["file", "gradCam", "pool", "Zebra Finch"],
      ["file", "gradCam", "second", "Zebra Finch"],
      ["file", "gradCam", "second", "Zebra Finch"],
      ["inspect", undefined, undefined, undefined],
    ]);
    expect(events[1]).toMatchObject({ shown: 12, all: 12, size: [11, 15], image: picture() });
    expect(events.at(-1)).toMatchObject({ out: folder.path("layers"), files: 6, device: { name: "wasm" } });
    const drawing = await readFile(folder.path("layers/grad-cam-a cat, ünï-second.svg"), "utf8");
    expect(drawing).toContain("HiResCAM of second: where the network sees Zebra Finch");
    const gradCam = await inspect(...words.slice(0, -2), "--json");
    expect(gradCam.code).toBe(0);
    expect(await readFile(folder.path("layers/grad-cam-a cat, ünï-second.svg"), "utf8")).toContain(
      "Grad-CAM of second",
    );
  });

  test("a map speaks for the class that is predicted, unless one is named", async () => {
    const { output } = await inspect(folder.path("model"), "--grad-cam", picture(), "--out", "cams", "--json");
    const [image, file] = parseLines(output) as [{ predictions: { label: string }[] }, { class: string }];
    expect(file.class).toBe(image.predictions[0]?.label);
  });

  test("a model of a single number has a map for each of its two classes", async () => {
    const model = new Sequential(
      [
        new Conv2D({ filters: 4, kernelSize: 3, activation: "relu", inputShape: [24, 24, 3], name: "only" }),
        new GlobalAveragePooling2D(),
        new Dense({ units: 1, activation: "sigmoid" }),
      ],
      { seed: 5 },
    );
    const two = ["not Male", "Male"];
    const preprocessing = plainPreprocessing([24, 24], "rgb", 1 / 255);
    await saveBundle(model, folder.path("binary"), { preprocessing, labels: two });
    model.dispose();
    const maps: string[] = [];
    for (const label of two) {
      const out = `binary ${label}`;
      const asked = ["--grad-cam", picture(), "--occlusion", picture(), "--class", label, "--out", out];
      const { code, output, error } = await inspect(folder.path("binary"), ...asked);
      expect({ code, error }).toEqual({ code: 0, error: "" });
      expect(output).toContain(`Grad-CAM of only for ${label}: `);
      expect(output).toContain(`Occlusion for ${label}: `);
      const drawing = await readFile(folder.path(`${out}/occlusion-a cat, ünï.svg`), "utf8");
      expect(drawing).toMatch(/\d\d\.\d\s%, with the worst part covered \d+\.\d\s%/);
      maps.push(await readFile(folder.path(`${out}/grad-cam-a cat, ünï-only.png`), "base64"));
    }
    // What speaks for one speaks against the other.
    expect(maps[0]).not.toBe(maps[1]);
  });

  test.for([
    [
      "an unknown layer",
      ["--layer", "frist"],
      /--layer must be one of first, pool, second, third, mean, answer \(did you mean first\?\), received "frist"/,
    ],
    ["a place beyond the last", ["--layer", "6"], /--layer must be one of first, pool.*received "6"/],
    [
      "filters of another layer",
      ["--filters", "--layer", "pool"],
      /--layer must be convolutions, for --filters, received "pool, a MaxPooling2D"/,
    ],
    [
      "maps of a layer without places",
      ["--feature-maps", "@", "--layer", "mean"],
      /--layer must be layers that give images, for --feature-maps, received "mean, which gives/,
    ],
    [
      "a map of such a layer",
      ["--grad-cam", "@", "--layer", "answer"],
      /--layer must be layers that give images, for --grad-cam/,
    ],
    [
      "an unknown class",
      ["--grad-cam", "@", "--class", "dgo"],
      /--class must be one of cat, dog, Zebra Finch \(did you mean dog\?\), received "dgo"/,
    ],
    ["a class without a map", ["--class", "dog"], /--class is for --grad-cam and --occlusion/],
    [
      "a count without anything to count",
      ["--grad-cam", "@", "--count", "3"],
      /--count is for --filters and --feature-maps/,
    ],
    ["files for each of nothing", ["--occlusion", "@", "--each"], /--each is for --filters and --feature-maps/],
    [
      "a test image that is not there",
      ["--grad-cam", "mnist:10000"],
      /image must be mnist:0 to mnist:9999, received "mnist:10000"/,
    ],
  ] as const)("%s is wrong use, said before anything is written", async ([, words, message]) => {
    const typed = words.map((word) => (word === "@" ? picture() : word));
    const { code, output, error } = await inspect(folder.path("model"), ...typed, "--out", "never");
    expect(error).toMatch(message);
    expect(error.trimEnd()).not.toContain("\n");
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(await readdir(folder.path())).not.toContain("never");
  });

  test("a network without a convolution is told so, and can be covered all the same", async () => {
    const { code, error } = await inspect(folder.path("dense"), "--filters");
    expect(error).toMatch(
      /^featuremap: inspect: the model must be a network with a convolution, received "one of flatten, dense"/,
    );
    expect(code).toBe(2);
    const covered = await inspect(folder.path("dense"), "--occlusion", "mnist:3", "--out", "covered");
    expect(covered).toMatchObject({ code: 0, error: "" });
    expect((await readdir(folder.path("covered"))).toSorted()).toEqual([
      "occlusion-mnist-3.png",
      "occlusion-mnist-3.svg",
    ]);
  });

  test.for(["broken.jpg", "nowhere.png"])("%s cannot be read: a failure that names it", async (name) => {
    const { code, error } = await inspect(folder.path("model"), "--grad-cam", folder.path(name), "--out", "never");
    expect(error).toContain(name);
    expect(error.trimEnd()).not.toContain("\n");
    expect(code).toBe(1);
    expect(await readdir(folder.path())).not.toContain("never");
  });

  test("a file in the folder's way is a failure", async () => {
    await writeFile(folder.path("taken"), "");
    const { code, error } = await inspect(folder.path("model"), "--out", "taken");
    expect(error).toMatch(/Cannot write to .*taken.*Choose another folder with --out\./);
    expect(code).toBe(1);
  });
});
