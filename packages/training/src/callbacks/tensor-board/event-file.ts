import { bytesField, doubleField, floatField, joinBytes, varint, varintField } from "./protobuf.ts";

/** Signature of every event file's first event. */
const fileVersion = "brain.Event:2";
/** Buckets of a histogram, as many as TensorFlow makes. */
const bucketCount = 30;
/** TensorFlow's numbers of types. */
const types = { float64: 2, string: 7 } as const;

/** What TensorBoard shows under a tag at a step. */
interface TaggedEvent {
  readonly tag: string;
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
}

/** A number that TensorBoard draws over steps. */
export interface ScalarEvent extends TaggedEvent {
  readonly value: number;
}

/** How numbers are spread. */
export interface HistogramEvent extends TaggedEvent {
  readonly values: Float32Array;
}

/** The record that an event file begins with. */
export function encodeFileVersion(wallTime: number): Uint8Array<ArrayBuffer> {
  return encodeRecord(joinBytes([doubleField(1, wallTime), bytesField(3, utf8(fileVersion))]));
}

/**
 * A scalar as a record of an event file: protobuf `Event { wall_time = 1; step = 2; summary = 5 }` with
 * `Summary { value = 1 { tag = 1; simple_value = 2 } }`.
 *
 * Source: TensorFlow `event.proto` and `summary.proto`.
 */
export function encodeScalar({ value, ...event }: ScalarEvent): Uint8Array<ArrayBuffer> {
  return encodeEvent(event, floatField(2, value));
}

/**
 * A histogram: a float64 tensor `[30, 3]` whose rows are a bucket's left edge, right edge and count.
 *
 * Source: TensorBoard `plugins/histogram/summary_v2.py`.
 */
export function encodeHistogram({ values, ...event }: HistogramEvent): Uint8Array<ArrayBuffer> {
  const buckets = histogramOf(values);
  const shape = joinBytes([bucketCount, 3].map((size) => bytesField(2, varintField(1, size))));
  const contents = new Uint8Array(buckets.buffer);
  const tensor = joinBytes([varintField(1, types.float64), bytesField(2, shape), bytesField(4, contents)]);
  return encodeEvent(event, joinBytes([bytesField(8, tensor), metadata("histograms", new Uint8Array())]));
}

/** A model's JSON, which TensorBoard draws as a conceptual graph. Source: Keras `keras_model_summary`. */
export function encodeKerasModel(json: string, wallTime: number): Uint8Array<ArrayBuffer> {
  const tensor = joinBytes([varintField(1, types.string), bytesField(2, new Uint8Array()), bytesField(8, utf8(json))]);
  const value = joinBytes([bytesField(8, tensor), metadata("graph_keras_model", utf8("1"))]);
  return encodeEvent({ tag: "keras", step: 0, wallTime }, value);
}

/** Rows of left edge, right edge and count; where all values are one, the last row holds them. */
export function histogramOf(values: Float32Array): Float64Array<ArrayBuffer> {
  const buckets = new Float64Array(bucketCount * 3);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (!Number.isFinite(least) || !Number.isFinite(most)) return buckets;
  const width = (most - least) / bucketCount;
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    buckets[bucket * 3] = least + bucket * width;
    buckets[bucket * 3 + 1] = bucket === bucketCount - 1 ? most : least + (bucket + 1) * width;
  }
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const bucket = width === 0 ? bucketCount - 1 : Math.min(Math.floor((value - least) / width), bucketCount - 1);
    buckets[bucket * 3 + 2] = (buckets[bucket * 3 + 2] ?? 0) + 1;
  }
  return buckets;
}

/** `SummaryMetadata { plugin_data = 1 { plugin_name = 1; content = 2 } }` as a value's field 9. */
function metadata(plugin: string, content: Uint8Array): Uint8Array {
  return bytesField(9, bytesField(1, joinBytes([bytesField(1, utf8(plugin)), bytesField(2, content)])));
}

function encodeEvent({ tag, step, wallTime }: TaggedEvent, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const entry = joinBytes([bytesField(1, utf8(tag)), value]);
  const summary = bytesField(1, entry);
  return encodeRecord(
    joinBytes([doubleField(1, wallTime), joinBytes([varint(2 << 3), varint(step)]), bytesField(5, summary)]),
  );
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

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
