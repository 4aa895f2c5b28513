import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostArray } from "@featuremap/tensor";
import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { History } from "../history.ts";
import { sectorModel, sectors } from "../testing/tiny-problem.ts";
import { Trainer } from "../trainer.ts";
import { histogramOf, maskedCrc32c } from "./event-file.ts";
import { TensorBoard, type TensorBoardConfig } from "./tensor-board.ts";

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});
expectNoTensorLeaks();

type Field = number | Uint8Array;

/** The fields of a protobuf message by number; a reader of its own, after the format's description. */
function decode(bytes: Uint8Array): Map<number, Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = new Map<number, Field>();
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = view.getUint8(at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const kind = key & 7;
    if (kind === 0) fields.set(key >> 3, varint());
    else {
      const length = kind === 1 ? 8 : kind === 5 ? 4 : varint();
      const number = kind === 1 ? view.getFloat64(at, true) : kind === 5 ? view.getFloat32(at, true) : undefined;
      fields.set(key >> 3, number ?? bytes.subarray(at, at + length));
      at += length;
    }
  }
  return fields;
}

/** CRC-32C bit by bit, from its polynomial. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  const plain = ~crc >>> 0;
  return (((plain >>> 15) | (plain << 17)) + 0xa282ead8) >>> 0;
}

function* records(file: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(view.getUint32(at + 8, true)).toBe(checksum(file.subarray(at, at + 8)));
    expect(view.getUint32(at + 12 + length, true)).toBe(checksum(data));
    yield data;
    at += 16 + length;
  }
}

const text = (field: Field | undefined): string => new TextDecoder().decode(field as Uint8Array);
const nested = (field: Field | undefined): Map<number, Field> => decode(field as Uint8Array);

test("checksums are those of RFC 3720's example, masked", () => {
  const plain = 0x8a9136aa; // 32 bytes of 0
  expect(maskedCrc32c(new Uint8Array(32))).toBe((((plain >>> 15) | (plain << 17)) + 0xa282ead8) >>> 0);
});

/** A value of a summary: a number, or of a histogram its rows, or of a model its JSON. */
interface Shown {
  readonly tag: string;
  readonly step: number;
  readonly value: number | readonly number[] | string;
  readonly plugin?: string;
}

function shown(event: Map<number, Field>): Shown {
  const value = nested(nested(event.get(5)).get(1));
  expect(event.get(1)).toBeGreaterThan(1e9);
  const place = { tag: text(value.get(1)), step: Number(event.get(2)) };
  if (value.has(2)) return { ...place, value: Number(value.get(2)) };
  const tensor = nested(value.get(8));
  const plugin = text(nested(nested(value.get(9)).get(1)).get(1));
  if (tensor.get(1) === 7) return { ...place, plugin, value: text(tensor.get(8)) };
  expect(tensor.get(1)).toBe(2);
  const bytes = Uint8Array.from(tensor.get(4) as Uint8Array);
  return { ...place, plugin, value: [...new Float64Array(bytes.buffer)] };
}

/** What all files of a folder show, in order. */
async function readFolder(folder: string): Promise<Shown[]> {
  const all: Shown[] = [];
  for (const name of await readdir(folder)) {
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    const [version, ...events] = [...records(await readFile(join(folder, name)))].map(decode);
    expect(text(version?.get(3))).toBe("brain.Event:2");
    all.push(...events.map(shown));
  }
  return all;
}

/** Trains for 3 epochs of 3 batches with validation, and gives what was written. */
async function logged(
  name: string,
  config: TensorBoardConfig,
): Promise<{
  readonly history: History["history"];
  readonly weights: ReadonlyMap<string, HostArray>;
  readonly train: readonly Shown[];
  readonly validation: readonly Shown[];
}> {
  // So that another reader can look at the files: TENSORBOARD_LOGS=folder npx vitest run src/callbacks/tensor-board.test.ts
  const kept = process.env["TENSORBOARD_LOGS"];
  const logDir = join(kept ?? (await mkdtemp(join(tmpdir(), "featuremap-tensorboard-"))), name);
  const model = sectorModel();
  const loss = "sparseCategoricalCrossentropy";
  const trainer = new Trainer(model, { optimizer: "adam", loss, metrics: ["accuracy"] });
  const callbacks = [new TensorBoard({ logDir, ...config })];
  const options = { epochs: 3, batchSize: 10, validationSplit: 0.25, callbacks };
  const { history } = await trainer.fit(sectors(40), options);
  const weights = new Map<string, HostArray>();
  for (const [path, weight] of model.namedWeights()) weights.set(path, await weight.read());
  const [train, validation] = [await readFolder(join(logDir, "train")), await readFolder(join(logDir, "validation"))];
  trainer.dispose();
  model.dispose();
  if (kept === undefined) await rm(logDir, { recursive: true });
  return { history, weights, train, validation };
}

const numbers = (events: readonly Shown[]): Shown[] => events.filter(({ value }) => typeof value === "number");

test("TensorBoard writes the numbers of every epoch and evaluation, and the model", async () => {
  const { history, train, validation } = await logged("epochs", {});
  const rounded = (name: string, epoch: number): number => Math.fround(history[name]?.[epoch] ?? Number.NaN);
  const epochs = [0, 1, 2];
  expect(numbers(train)).toEqual(
    epochs.flatMap((epoch) => [
      ...["loss", "accuracy"].map((key) => ({ tag: `epoch_${key}`, step: epoch, value: rounded(key, epoch) })),
      { tag: "epoch_learning_rate", step: epoch, value: Math.fround(0.001) },
    ]),
  );
  expect(numbers(validation)).toEqual(
    epochs.flatMap((epoch) => [
      ...["loss", "accuracy"].map((key) => ({
        tag: `evaluation_${key}_vs_iterations`,
        step: (epoch + 1) * 3,
        value: rounded(`val_${key}`, epoch),
      })),
      ...["loss", "accuracy"].map((key) => ({ tag: `epoch_${key}`, step: epoch, value: rounded(`val_${key}`, epoch) })),
    ]),
  );
  const [graph, ...others] = train.filter(({ value }) => typeof value === "string");
  expect(graph).toMatchObject({ tag: "keras", step: 0, plugin: "graph_keras_model" });
  expect(JSON.parse(String(graph?.value))).toMatchObject({ class_name: "Sequential" });
  expect(others).toEqual([]);
});

test.for([
  ["batch", [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  [4, [4, 8]],
] as const)(
  "TensorBoard with updateFreq %s writes the numbers of batches over all steps",
  async ([updateFreq, steps]) => {
    const { history, train } = await logged(`every-${updateFreq}`, {
      updateFreq,
      writeStepsPerSecond: true,
      writeGraph: false,
    });
    const batches = train.filter(({ tag }) => tag === "batch_loss");
    expect(batches.map(({ step }) => step)).toEqual(steps);
    const last = batches.find(({ step }) => step === 9);
    expect(last?.value).toBe(updateFreq === "batch" ? Math.fround(history["loss"]?.[2] ?? Number.NaN) : undefined);
    expect(train.filter(({ tag }) => tag === "batch_steps_per_second")).toHaveLength(steps.length);
    expect(train.filter(({ tag }) => tag === "epoch_steps_per_second")).toHaveLength(3);
    expect(train.filter(({ tag }) => tag === "epoch_loss")).toHaveLength(3);
    expect(train.some(({ plugin }) => plugin === "graph_keras_model")).toBe(false);
  },
);

test("TensorBoard with histogramFreq writes how weights are spread", async () => {
  const { weights, train } = await logged("histograms", { histogramFreq: 2 });
  const histograms = train.filter(({ plugin }) => plugin === "histograms");
  expect(histograms.map(({ tag, step }) => `${tag} ${step}`)).toEqual(
    [0, 2].flatMap((epoch) => [...weights.keys()].map((path) => `${path}/histogram ${epoch}`)),
  );
  for (const [path, { data }] of weights) {
    const { value } = histograms.find(({ tag, step }) => tag === `${path}/histogram` && step === 2) ?? {};
    expect(value).toEqual([...histogramOf(Float32Array.from(data))]);
  }
});

describe("a histogram", () => {
  test("counts every value in the bucket between whose edges it lies", () => {
    const values = Float32Array.from({ length: 61 }, (_, index) => index / 10);
    const rows = histogramOf(values);
    const row = (index: number): number[] => [...rows.subarray(index * 3, index * 3 + 3)];
    expect(rows).toHaveLength(90);
    expect(row(0)[0]).toBe(0);
    expect(row(29)[1]).toBe(6);
    let total = 0;
    for (let bucket = 0; bucket < 30; bucket++) {
      const [left = 0, right = 0, count = 0] = row(bucket);
      expect(right - left).toBeCloseTo(0.2, 6);
      total += count;
    }
    expect(total).toBe(61);
  });

  test("of equal values has them in the last bucket, and of none has nothing", () => {
    expect([...histogramOf(Float32Array.of(2, 2)).subarray(-6)]).toEqual([2, 2, 0, 2, 2, 2]);
    expect(new Set(histogramOf(new Float32Array()))).toEqual(new Set([0]));
  });
});

test.for([
  ["updateFreq", { updateFreq: 0 }],
  ["updateFreq", { updateFreq: "step" }],
  ["histogramFreq", { histogramFreq: -1 }],
] as const)("TensorBoard refuses a wrong %s: %o", ([option, wrong]) => {
  expect(() => Reflect.construct(TensorBoard, [wrong])).toThrow(expect.objectContaining({ option }) as Error);
});
