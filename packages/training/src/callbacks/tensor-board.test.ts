import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { sectorModel, sectors } from "../testing/tiny-problem.ts";
import { Trainer } from "../trainer.ts";
import { maskedCrc32c } from "./event-file.ts";
import { TensorBoard } from "./tensor-board.ts";

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

test("TensorBoard writes event files with the numbers of every epoch", async () => {
  // So that another reader can look at the files: TENSORBOARD_LOGS=folder npx vitest run src/callbacks/tensor-board.test.ts
  const kept = process.env["TENSORBOARD_LOGS"];
  const logDir = kept ?? (await mkdtemp(join(tmpdir(), "featuremap-tensorboard-")));
  const model = sectorModel();
  const trainer = new Trainer(model, {
    optimizer: "adam",
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const callbacks = [new TensorBoard({ logDir })];
  const { history } = await trainer.fit(sectors(40), { epochs: 3, validationSplit: 0.25, callbacks });
  for (const [folder, prefix] of [
    ["train", ""],
    ["validation", "val_"],
  ] as const) {
    const [name = ""] = await readdir(join(logDir, folder));
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    const [version, ...events] = [...records(await readFile(join(logDir, folder, name)))].map(decode);
    expect(text(version?.get(3))).toBe("brain.Event:2");
    const scalars = events.map((event) => {
      const value = nested(nested(event.get(5)).get(1));
      expect(event.get(1)).toBeGreaterThan(1e9);
      return [text(value.get(1)), event.get(2), value.get(2)];
    });
    const expected = [0, 1, 2].flatMap((epoch) => [
      ...["loss", "accuracy"].map((key) => [`epoch_${key}`, epoch, Math.fround(history[prefix + key]?.[epoch] ?? 0)]),
      ...(prefix === "" ? [["epoch_learning_rate", epoch, Math.fround(0.001)]] : []),
    ]);
    expect(scalars).toEqual(expected);
  }
  trainer.dispose();
  model.dispose();
  if (kept === undefined) await rm(logDir, { recursive: true });
});
