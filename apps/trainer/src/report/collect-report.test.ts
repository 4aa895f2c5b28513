import { ImageFiles } from "@featuremap/datasets";
import { openDevice } from "@featuremap/devices";
import { type ColorMode, plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, Flatten, GlobalAveragePooling2D, type Layer, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { discFiles } from "../testing/report-data.ts";
import { type CollectReportOptions, collectReport } from "./collect-report.ts";
import { reportPage } from "./page/report-page.ts";
import type { ReportData, Shown } from "./report-data.ts";

let close: () => Promise<void>;
let before = 0;
beforeAll(async () => {
  const device = await openDevice("wasm", { threads: 1 });
  close = () => device.dispose();
  before = tf.memory().numTensors;
});
afterAll(async () => {
  expect(tf.memory().numTensors).toBe(before);
  await close();
});

const three = ["cat", "dog", "frog"];
const common = { workers: 0, seed: 1, batchSize: 4 };

function valueOf<Value>(shown: Shown<Value> | undefined): Value {
  if (shown === undefined) throw new Error("It is not told of.");
  if ("absent" in shown) throw new Error(shown.absent);
  return shown.value;
}

/** A network with a convolution and what the report says of it. */
async function reportOf(
  head: readonly Layer[],
  classNames: readonly string[],
  options: Partial<CollectReportOptions> & {
    readonly channels?: 1 | 3 | 4;
    readonly convolution?: readonly Layer[];
    readonly tested?: number;
  } = {},
): Promise<ReportData> {
  const { channels = 3, tested = 10, ...given } = options;
  const modes: Readonly<Record<number, ColorMode>> = { 1: "grayscale", 3: "rgb", 4: "rgba" };
  const {
    convolution = [new Conv2D({ filters: 4, kernelSize: 3, activation: "relu", inputShape: [12, 12, channels] })],
  } = options;
  const model = new Sequential([...convolution, ...head], { name: "net", seed: 3 });
  try {
    return await collectReport({
      name: "photos-1",
      model,
      classNames,
      preprocessing: plainPreprocessing([12, 12], modes[channels] ?? "rgb", 1 / 255),
      data: {
        train: discFiles(classNames, 9, { channels }),
        test: discFiles(classNames, tested, { channels, seed: 2 }),
      },
      ...common,
      ...given,
    });
  } finally {
    model.dispose();
  }
}

const softmax = (units: number): readonly Layer[] => [
  new GlobalAveragePooling2D(),
  new Dense({ units, activation: "softmax" }),
];

test("judges the test part by what the model itself answers", async () => {
  const model = new Sequential([new Conv2D({ filters: 4, kernelSize: 3, inputShape: [12, 12, 3] }), ...softmax(3)], {
    seed: 3,
  });
  const files = discFiles(three, 10, { seed: 2 });
  const preprocessing = plainPreprocessing([12, 12], "rgb", 1 / 255);
  const data = { train: discFiles(three, 9), validation: discFiles(three, 2), test: files };
  const { judged } = await collectReport({ name: "a", model, classNames: three, preprocessing, data, ...common });
  const { part, predictions, scores } = valueOf(judged);
  const rows: number[][] = [];
  for await (const { x } of files.batch(10, { imageSize: [12, 12], scale: 1 / 255 }).batches(0)) {
    const output = model.predict(x);
    rows.push(...((await output.array()) as number[][]));
    output.dispose();
  }
  model.dispose();
  expect(part).toBe("test");
  const best = rows.map((row) => row.indexOf(Math.max(...row)));
  expect([...predictions.predicted]).toEqual(best);
  rows.forEach((row, index) => {
    const label = predictions.labels[index] ?? -1;
    expect(predictions.probabilities[index]).toBeCloseTo(Math.max(...row), 5);
    expect(predictions.losses[index]).toBeCloseTo(-Math.log(row[label] ?? 0), 5);
  });
  const right = best.filter((answer, index) => answer === predictions.labels[index]).length;
  expect(scores.accuracy).toBeCloseTo(right / 10);
  expect(scores.matrix.cells.reduce((sum, { count }) => sum + count, 0)).toBe(10);
});

describe("heads", () => {
  test("of one number, for two classes", async () => {
    for (const activation of ["sigmoid", "linear"] as const) {
      const head = [new GlobalAveragePooling2D(), new Dense({ units: 1, activation })];
      const { judged, gradCam } = await reportOf(head, ["cat", "dog"]);
      const { predictions } = valueOf(judged);
      for (const probability of predictions.probabilities) expect(probability).toBeGreaterThanOrEqual(0.5);
      expect(valueOf(gradCam).pictures.length).toBeGreaterThan(0);
    }
  });

  test("of logits are those of softmax", async () => {
    const losses: number[][] = [];
    for (const activation of ["softmax", "linear"] as const) {
      const { judged } = await reportOf([new GlobalAveragePooling2D(), new Dense({ units: 3, activation })], three);
      losses.push([...valueOf(judged).predictions.losses]);
    }
    losses[0]?.forEach((loss, index) => expect(losses[1]?.[index]).toBeCloseTo(loss, 4));
  });

  test("of another number than the classes are refused", async () => {
    await expect(reportOf(softmax(4), three)).rejects.toThrow(
      "collectReport: number of classNames must be 4, as many as the network tells apart, received 3.",
    );
  });
});

describe("what is unusual works, and says what is absent", () => {
  test("one class", async () => {
    const data = await reportOf(softmax(1), ["cat"]);
    expect(valueOf(data.judged).scores.accuracy).toBe(1);
    expect(await reportPage(data)).toContain("There is only one class");
  });

  test("a thousand classes", async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `class ${index}`);
    const data = await reportOf(softmax(1000), names, { tested: 30 });
    expect(valueOf(data.judged).scores.topFive).toBeLessThanOrEqual(1);
    const page = await reportPage(data);
    expect(page).toContain("Choose a class to see its pictures.");
    expect(page).toContain("All 1,000 classes");
    expect(page.length).toBeLessThan(2e6);
  });

  test("two pictures", async () => {
    const data = { train: discFiles(["cat", "dog"], 2), test: discFiles(["cat", "dog"], 2) };
    const report = await reportOf(softmax(2), ["cat", "dog"], { data });
    expect(valueOf(report.judged).scores.images).toBe(2);
    expect(valueOf(report.labelled)).toHaveLength(2);
    expect(await reportPage(report)).toContain("All 2 pictures are in this file.");
  });

  test("neither test nor validation part: the network is shown with what it learned from", async () => {
    const report = await reportOf(softmax(3), three, { data: { train: discFiles(three, 9) } });
    expect(report.judged).toEqual({
      absent:
        "There is neither a test part nor a validation part, so it is unknown how good the network is with pictures that it has not seen.",
    });
    expect(valueOf(report.gradCam).part).toBe("train");
    const page = await reportPage(report);
    expect(page).toContain("pictures that the network was trained on");
    expect(page).not.toContain('id="confusion"');
  });

  test("no labels", async () => {
    const { filePaths } = discFiles(three, 4);
    const unlabelled = new ImageFiles({
      paths: [...filePaths],
      read: (index) => discFiles(three, 4).at(index).contents(),
    });
    const { judged } = await reportOf(softmax(3), three, { data: { train: discFiles(three, 9), test: unlabelled } });
    expect(judged).toEqual({ absent: expect.stringContaining("The pictures have no labels") });
  });

  test("no convolution", async () => {
    const layers = [new Flatten({ inputShape: [12, 12, 3] })];
    const report = await reportOf([new Dense({ units: 3 })], three, { convolution: layers });
    expect(report.filters).toEqual({ absent: "The network has no convolution, so there are no filters." });
    expect(report.gradCam).toEqual({
      absent: "The network has no convolution, so there are no maps of where it looked.",
    });
    expect(await reportPage(report)).toContain("so there are no feature maps.");
  });

  test.for([1, 4] as const)("%d channels", async (channels) => {
    const report = await reportOf(softmax(3), three, { channels });
    expect(valueOf(report.labelled)[0]?.pixels.data).toHaveLength(12 * 12 * channels);
    expect(valueOf(report.filters).shown).toBe(4);
    expect(await reportPage(report)).toContain("Grad-CAM of layer");
  });

  test("channels first", async () => {
    const dataFormat = "channelsFirst";
    const report = await reportOf([new GlobalAveragePooling2D({ dataFormat }), new Dense({ units: 3 })], three, {
      convolution: [new Conv2D({ filters: 4, kernelSize: 3, dataFormat, inputShape: [3, 12, 12] })],
    });
    expect(valueOf(report.featureMaps).layers[0]?.size).toEqual([10, 10]);
    expect(valueOf(report.gradCam).pictures.length).toBeGreaterThan(0);
  });

  test("files that cannot be read do not shift the others", async () => {
    const whole = discFiles(three, 30, { seed: 2 });
    const damaged = new ImageFiles({
      paths: [...whole.filePaths],
      labels: whole.labels ?? [],
      classNames: three,
      read: (index) => (index === 4 ? Promise.resolve(new Uint8Array(3)) : whole.at(index).contents()),
    });
    const { judged } = await reportOf(softmax(3), three, { data: { train: discFiles(three, 9), test: damaged } });
    const { predictions, unread } = valueOf(judged);
    expect(unread).toBe(1);
    expect(predictions.paths).toEqual(whole.filePaths.filter((_, index) => index !== 4));
    expect([...predictions.places]).not.toContain(4);
  });
});

test("tells of no training where there was none to tell of, and of the answers that it is given", async () => {
  const files = discFiles(three, 10, { seed: 2 });
  await expect(reportOf(softmax(3), three, { data: { all: files } })).rejects.toThrow(
    "collectReport: data must be a part to learn from or to judge by",
  );
  const { judged } = await reportOf(softmax(3), three, { data: { test: files } });
  const { predictions } = valueOf(judged);
  const data = await reportOf(softmax(3), three, {
    data: { all: files },
    judged: { part: "all", predictions },
    ofTraining: false,
  });
  expect(valueOf(data.judged)).toMatchObject({ part: "all", predictions });
  expect([data.history, data.firstBatches]).toEqual([undefined, undefined]);
  expect(valueOf(data.labelled)).toHaveLength(10);
  const page = await reportPage(data);
  expect([...page.matchAll(/<h2 id="(\w+)">/g)].map(([, id]) => id)).toEqual([
    "confusion",
    "classes",
    "calibration",
    "wrong",
    "looked",
    "filters",
    "maps",
    "labelled",
    "counts",
    "health",
  ]);
  expect(page).not.toContain(">train</th>");
});

test("shows batches as they were learned from, with the shares of blended classes", async () => {
  const x = new HostArray(new Float32Array(2 * 12 * 12 * 3).fill(0.5), [2, 12, 12, 3]);
  const y = new HostArray(Float32Array.of(0.7, 0.3, 0, 0, 0, 1), [2, 3]);
  const { firstBatches } = await reportOf(softmax(3), three, { firstBatches: [{ x, y, size: 2 }] });
  const [batch] = valueOf(firstBatches);
  expect(batch?.pictures.map(({ caption }) => caption)).toEqual(["cat 70 %\ndog 30 %", "frog"]);
  expect(new Set(batch?.pictures[0]?.pixels.data)).toEqual(new Set([128]));
});

test("looks at the health of as many pictures as it is told to", async () => {
  const { health } = await reportOf(softmax(3), three, { health: 8 });
  const { looked, all, findings } = valueOf(health);
  expect([looked, all]).toEqual([8, 19]);
  expect(Object.keys(findings.counts)).toEqual(["train", "test"]);
  expect(await reportOf(softmax(3), three, { health: 0 })).toMatchObject({ health: { absent: expect.any(String) } });
});

test("ends where its signal is raised", async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(reportOf(softmax(3), three, { signal: stop.signal })).rejects.toMatchObject({ code: "ABORTED" });
});
