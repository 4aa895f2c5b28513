import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";

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

/** A value of a summary: a number, or of a histogram its rows, or of a model its JSON. */
export interface Shown {
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

/** What all event files of a folder show, in order; fails where one is damaged. */
export async function readEvents(folder: string): Promise<Shown[]> {
  const all: Shown[] = [];
  for (const name of await readdir(folder)) {
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    const [version, ...events] = [...records(await readFile(join(folder, name)))].map(decode);
    expect(text(version?.get(3))).toBe("brain.Event:2");
    all.push(...events.map(shown));
  }
  return all;
}
