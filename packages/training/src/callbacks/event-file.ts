/** Signature of every event file's first event. */
const fileVersion = "brain.Event:2";

/** A number that TensorBoard draws over steps. */
export interface ScalarEvent {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
}

/** The record that an event file begins with. */
export function encodeFileVersion(wallTime: number): Uint8Array<ArrayBuffer> {
  return encodeRecord(join([doubleField(1, wallTime), bytesField(3, new TextEncoder().encode(fileVersion))]));
}

/**
 * A scalar as a record of an event file: protobuf `Event { wall_time = 1; step = 2; summary = 5 }` with
 * `Summary { value = 1 { tag = 1; simple_value = 2 } }`.
 *
 * Source: TensorFlow `event.proto` and `summary.proto`.
 */
export function encodeScalar({ tag, step, value, wallTime }: ScalarEvent): Uint8Array<ArrayBuffer> {
  const entry = join([bytesField(1, new TextEncoder().encode(tag)), floatField(2, value)]);
  const summary = bytesField(1, entry);
  return encodeRecord(join([doubleField(1, wallTime), join([varint(2 << 3), varint(step)]), bytesField(5, summary)]));
}

/**
 * TFRecord's frame: length as uint64, its masked checksum, the data, their masked checksum.
 *
 * Source: TensorFlow `record_writer.h`.
 */
function encodeRecord(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(16 + data.length);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

/** CRC-32C (Castagnoli), turned by 15 bits and moved, so that a checksum of data that hold checksums is safe. */
export function maskedCrc32c(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return join([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return join([varint((field << 3) | 1), bytes]);
}

function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([varint((field << 3) | 5), bytes]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
