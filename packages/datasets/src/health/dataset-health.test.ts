import { type Pixels, resizePixels } from "@featuremap/images";
import { RandomStream } from "@featuremap/tensor";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { type HealthExample, datasetHealth } from "./dataset-health.ts";
import { labelSuspects } from "./label-suspects.ts";
import { Groups } from "./groups.ts";
import { perceptualHash } from "./perceptual-hash.ts";
import { joinSimilar } from "./similar-pictures.ts";
import { thumbnailOf } from "./thumbnail.ts";
import { ImageFiles } from "../sources/pictures/image-files.ts";

/** A scene of coloured shapes on a gradient, with the grain of a photograph; no two seeds look alike. */
function scene(seed: number, width = 96, height = 72): Pixels {
  const random = new RandomStream(seed);
  const data = new Uint8Array(width * height * 3);
  const colour = (): number[] => [random.uniform(0, 255), random.uniform(0, 255), random.uniform(0, 255)];
  const [from, to] = [colour(), colour()];
  const shapes = Array.from({ length: 9 }, () => ({
    x: random.uniform(0, width),
    y: random.uniform(0, height),
    radius: random.uniform(4, 22),
    flat: random.uniform(0.4, 2.5),
    colour: colour(),
  }));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const top = shapes.findLast((shape) => Math.hypot(x - shape.x, (y - shape.y) * shape.flat) < shape.radius);
      const grain = random.uniform(-12, 12);
      for (let channel = 0; channel < 3; channel++) {
        const ground = ((from[channel] ?? 0) * (width - x) + (to[channel] ?? 0) * x) / width;
        const level = (top?.colour[channel] ?? ground) + grain;
        data[(y * width + x) * 3 + channel] = Math.min(255, Math.max(0, level));
      }
    }
  }
  return { data, width, height };
}

function changed(pixels: Pixels, change: (level: number, at: number) => number): Pixels {
  return { ...pixels, data: Uint8Array.from(pixels.data, change) };
}

async function recompressed({ data, width, height }: Pixels, quality: number): Promise<Pixels> {
  const raw = { width, height, channels: 3 } as const;
  const jpeg = await sharp(data, { raw }).jpeg({ quality }).toBuffer();
  const decoded = await sharp(jpeg).raw().toBuffer();
  return { data: new Uint8Array(decoded), width, height };
}

async function blurred({ data, width, height }: Pixels): Promise<Pixels> {
  const raw = { width, height, channels: 3 } as const;
  return { data: new Uint8Array(await sharp(data, { raw }).blur(5).raw().toBuffer()), width, height };
}

/** The picture without a twentieth of its sides: from all around, or from two sides. */
function cut(pixels: Pixels, around: boolean): Pixels {
  const { width, height } = pixels;
  const kept = { width: Math.round(width * 0.95), height: Math.round(height * 0.95) };
  const place = around
    ? { left: (width - kept.width) >> 1, top: (height - kept.height) >> 1 }
    : { left: 0, top: height - kept.height };
  return resizePixels(pixels, [kept.height, kept.width], { box: { ...kept, ...place } });
}

const originals = Array.from({ length: 200 }, (_, seed) => scene(seed));
const original = (index: number): Pixels => originals[index] ?? scene(index);
const places = (groups: readonly (readonly { readonly index: number }[])[]): number[][] =>
  groups.map((group) => group.map(({ index }) => index));

describe("datasetHealth", () => {
  test("finds what is planted among photographs, and nothing else", async () => {
    const exact = [0, 1, 2, 3, 4].map(original);
    const near: Pixels[] = [];
    for (let index = 10; index < 70; index++) {
      const picture = original(index);
      if (index % 4 === 0)
        near.push(resizePixels(picture, index % 8 === 0 ? [144, 192] : [40, 54], { antialias: true }));
      else if (index % 4 === 1) near.push(await recompressed(picture, 30));
      else near.push(cut(picture, index % 4 === 2));
    }
    const examples = [...originals, ...exact, ...near].map((image) => ({ image }));
    const health = await datasetHealth(examples);
    expect(health.size).toBe(265);
    expect(places(health.exactDuplicates)).toEqual([0, 1, 2, 3, 4].map((index) => [index, 200 + index]));
    const planted = new Set([
      ...exact.map((_, index) => `${index} ${200 + index}`),
      ...near.map((_, index) => `${10 + index} ${205 + index}`),
    ]);
    const found = places(health.nearDuplicates).map((group) => group.join(" "));
    expect(found.filter((group) => planted.has(group)).length).toBeGreaterThanOrEqual(0.95 * planted.size);
    expect(found.filter((group) => !planted.has(group))).toEqual([]);
    expect([health.blurred, health.dark, health.bright, health.lowInformation, health.grey]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ]);
  });

  test("names pictures with nothing to see, and pictures that are not like the others", async () => {
    const grey = changed(original(5), (_, at) => original(5).data[at - (at % 3)] ?? 0);
    const odd: readonly HealthExample[] = [
      { path: "dark.jpg", image: changed(original(1), (level) => level / 5) },
      { path: "bright.jpg", image: changed(original(2), (level) => 249 + level / 50) },
      { path: "blurred.jpg", image: await blurred(original(3)) },
      { path: "plain.jpg", image: changed(original(4), () => 120) },
      { path: "grey.jpg", image: grey },
      { path: "large.jpg", image: scene(900, 960, 720) },
      { path: "strip.jpg", image: scene(901, 200, 30) },
      { path: "cut.jpg", error: new Error("cut.jpg: the file must be whole") },
    ];
    const health = await datasetHealth([...originals.slice(10).map((image) => ({ image })), ...odd]);
    const names = (findings: readonly { readonly path: string }[]): string[] => findings.map(({ path }) => path);
    expect(names(health.dark)).toEqual(["dark.jpg"]);
    expect(names(health.bright)).toEqual(["bright.jpg"]);
    expect(names(health.blurred)).toEqual(["blurred.jpg"]);
    expect(names(health.lowInformation)).toContain("plain.jpg");
    expect(names(health.grey)).toEqual(["plain.jpg", "grey.jpg"]);
    expect(names(health.oddSizes)).toEqual(["large.jpg"]);
    expect(names(health.oddAspectRatios)).toEqual(["strip.jpg"]);
    expect(health.unreadable).toEqual([
      { index: 197, path: "cut.jpg", label: null, split: "all", reason: "cut.jpg: the file must be whole" },
    ]);
    expect(JSON.parse(JSON.stringify(health))).toEqual(health);
  });

  test("takes a picture that was decoded smaller as large as its file", async () => {
    const examples = Array.from({ length: 12 }, (_, seed): HealthExample => ({ image: scene(seed), path: `${seed}` }));
    const large = examples.map((example, index) => (index === 5 ? { ...example, size: [720, 960] as const } : example));
    const long = large.map((example, index) => (index === 7 ? { ...example, size: [72, 960] as const } : example));
    const { oddSizes, oddAspectRatios } = await datasetHealth(long);
    expect(oddSizes.map(({ path, value }) => [path, Math.round(value)])).toEqual([["5", 831]]);
    expect(oddAspectRatios.map(({ path }) => path)).toEqual(["7"]);
    const twice = [{ image: scene(1) }, { image: scene(1), size: [144, 192] as const }];
    const { exactDuplicates, nearDuplicates } = await datasetHealth(twice);
    expect([exactDuplicates.length, nearDuplicates.length]).toEqual([0, 1]);
    await expect(datasetHealth([{ image: scene(1), size: [1.5, 2] }])).rejects.toThrow(
      "size of example 0 (picture 0) must be",
    );
  });

  test("tells leaks between splits, conflicts between classes, and counts", async () => {
    const train = [0, 1, 2, 3].map((index) => ({
      image: original(index),
      label: index % 2,
      path: `train/${index}.jpg`,
    }));
    const tested = [
      { image: await recompressed(original(1), 60), label: 1 },
      { image: original(2), label: 1 },
      { image: original(9), label: 0 },
    ];
    const health = await datasetHealth({ train, test: tested }, { classNames: ["cat", "dog"] });
    expect(health.counts).toEqual({ train: { cat: 2, dog: 2 }, test: { dog: 2, cat: 1 } });
    expect(places(health.leaks)).toEqual([
      [1, 4],
      [2, 5],
    ]);
    expect(health.conflicts).toEqual([
      [
        { index: 2, path: "train/2.jpg", label: "cat", split: "train" },
        { index: 5, path: "picture 5", label: "dog", split: "test" },
      ],
    ]);
  });

  test("tells groups of thousands, and does not compare what they hold already", async () => {
    const picture = scene(3, 32, 24);
    const alike = changed(picture, (level, at) => (at === 7 ? level ^ 1 : level));
    const examples = Array.from({ length: 2000 }, (_, index) => ({ image: index % 2 === 0 ? picture : alike }));
    const { exactDuplicates, nearDuplicates } = await datasetHealth(examples);
    expect(exactDuplicates.map(({ length }) => length)).toEqual([1000, 1000]);
    expect(nearDuplicates.map(({ length }) => length)).toEqual([2000]);

    const [hash, thumbnail] = [perceptualHash(picture), thumbnailOf(picture)];
    let looks = 0;
    const signature = {
      hash,
      get thumbnail() {
        looks++;
        return thumbnail;
      },
    };
    const groups = new Groups(2000);
    joinSimilar(
      examples.map(() => signature),
      groups,
    );
    expect(groups.list().map(({ length }) => length)).toEqual([2000]);
    expect(looks).toBe(2 * 1999);
  });

  test("does not take the same bytes in another form for the same picture", async () => {
    const data = new Uint8Array(12).map((_, at) => at * 20);
    const examples = [
      { width: 4, height: 1 },
      { width: 4, height: 3 },
    ].map((size) => ({ image: { data, ...size } }));
    expect((await datasetHealth(examples)).exactDuplicates).toEqual([]);
  });

  test.for<unknown>([
    null,
    { data: new Uint8Array(5), width: 2, height: 2 },
    { data: [1], width: 1, height: 1 },
    "a.png",
  ])("names what is not a picture: %j", async (image) => {
    const examples = [{ image: scene(1) }, { image, path: "odd.png" } as HealthExample];
    await expect(datasetHealth(examples)).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      option: "image of example 1 (odd.png)",
    });
  });

  test("finds labels that a model finds unlikely", async () => {
    const examples = [0, 0, 1, 1, 0].map((label, index) => ({ image: original(index), label }));
    const probabilities = [
      [0.9, 0.1],
      [0.7, 0.3],
      [0.2, 0.8],
      [0.4, 0.6],
      [0.05, 0.95],
    ];
    const { labelSuspects: found } = await datasetHealth(examples, { probabilities });
    expect(found).toMatchObject([{ index: 4, label: "0", suggested: 1 }]);
    expect(found[0]?.margin).toBeCloseTo(-0.9);
  });

  test("hears of progress, and stops when told to", async () => {
    const heard: number[] = [];
    const examples = originals.slice(0, 3).map((image) => ({ image }));
    await datasetHealth(examples, { onProgress: ({ pictures }) => heard.push(pictures) });
    expect(heard).toEqual([1, 2, 3]);
    await expect(datasetHealth(examples, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  });

  test.for([
    [{ onProgress: 1 }, "onProgress"],
    [{ classNames: "ab" }, "classNames"],
    [{ classNames: ["a", "a"] }, "classNames"],
    [{ probabilities: [[0.9, 0.9]] }, "probabilities[0]"],
  ])("refuses %j", async ([options, option]) => {
    const examples = originals.slice(0, 1).map((image) => ({ image, label: 0 }));
    await expect(datasetHealth(examples, options as never)).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
  });

  test("says how files become pictures", async () => {
    const files = new ImageFiles({ paths: ["a"], labels: [0], classNames: ["x"], read: async () => new Uint8Array(1) });
    await expect(datasetHealth(files as never)).rejects.toThrow("source must be its pictures: files.images()");
    await expect(datasetHealth({ train: files } as never)).rejects.toThrow("its pictures: files.images()");
    const batches = [{ x: new Float32Array(3), y: [0], size: 1 }];
    await expect(datasetHealth({ train: batches } as never)).rejects.toThrow(
      "those of imageFolders are train.images()",
    );
  });

  test.for([
    [5, "source"],
    [{}, "source"],
    [{ train: 5 }, "source"],
    [[5], "example 0"],
    [[{ label: 1 }], "example 0"],
  ] as const)("refuses %j", async ([source, option]) => {
    await expect(datasetHealth(source as never)).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
  });
});

describe("labelSuspects", () => {
  test("asks of a class what its examples have on average", () => {
    // Nobody is sure of class 1: half is likely there.
    const labels = [0, 0, 1, 1];
    const rows = [
      [0.95, 0.05],
      [0.45, 0.55],
      [0.5, 0.5],
      [0.5, 0.5],
    ];
    expect(labelSuspects(labels, rows).map(({ index }) => index)).toEqual([1]);
  });

  test("refuses rows and labels that do not fit", () => {
    expect(() => labelSuspects([0, 1], [[1, 0]])).toThrow("probabilities must be 2 rows");
    expect(() =>
      labelSuspects(
        [0, 2],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ).toThrow("labels[1]");
    expect(() =>
      labelSuspects(
        [0, 1],
        [
          [1, 0],
          [0, Number.NaN],
        ],
      ),
    ).toThrow("probabilities[1][1]");
    expect(() => labelSuspects([0, 1], [[1, 0], [0]])).toThrow("probabilities[1]");
  });
});
