import { FormatError, HostArray } from "@featuremap/tensor";
import { requireBytes } from "../../bytes/byte-source.ts";
import { parsePickle, textOf } from "./pickle.ts";
import type { PickleValue } from "./pickle-value.ts";

/** Images of 32 x 32 pixels and their classes, as one file of CIFAR has them. */
export interface CifarImages {
  /** uint8 of shape `[count, 32, 32, 3]` */
  readonly images: HostArray<Uint8Array>;
  /** int32 of shape `[count]` */
  readonly labels: HostArray<Int32Array>;
}

/** Which labels: of the 10 classes, or of the 100, or of their 20 groups. */
export type CifarLabels = "cifar10" | "cifar100-fine" | "cifar100-coarse";

const pixels = 32 * 32;
const imageLength = 3 * pixels;

/**
 * Reads a file of CIFAR's binary version: for each image one byte (CIFAR-10) or two (CIFAR-100: group, class), then its red,
 * its green and its blue values, row by row.
 *
 * Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009; "The CIFAR-10 dataset", "Binary version".
 *
 * @throws {FormatError} it is empty, is not a whole number of images long, or a class is outside those there are.
 */
export function parseCifarBinary(bytes: Uint8Array, source: string, labels: CifarLabels): CifarImages {
  requireBytes("parseCifarBinary", bytes);
  const labelBytes = labels === "cifar10" ? 1 : 2;
  const length = labelBytes + imageLength;
  const count = bytes.length / length;
  if (!(Number.isInteger(count) && count > 0)) {
    throw new FormatError(source, "the file", `one or more images of ${length} bytes each`, `${bytes.length} bytes`);
  }
  const classes = Array.from(
    { length: count },
    (_, image) => bytes[image * length + (labels === "cifar100-fine" ? 1 : 0)],
  );
  const images = new Uint8Array(count * imageLength);
  for (let image = 0; image < count; image++) {
    writePlanes(
      bytes.subarray(image * length + labelBytes, (image + 1) * length),
      images.subarray(image * imageLength),
    );
  }
  return { images: new HostArray(images, [count, 32, 32, 3]), labels: checkedLabels(classes, source, labels) };
}

/**
 * Reads a file of CIFAR's Python version: a pickled dict with the images as rows of bytes, and lists of labels.
 *
 * The pickle is read, never run.
 *
 * @throws {FormatError} it is not such a file, is damaged, or a class is outside those there are.
 */
export function parseCifarPython(bytes: Uint8Array, source: string, labels: CifarLabels): CifarImages {
  requireBytes("parseCifarPython", bytes);
  const dict = dictOf(parsePickle(bytes, source), source);
  const rows = arrayOf(dict.get("data"));
  const [count = 0, length] = rows?.shape ?? [];
  if (rows === undefined || rows.rank !== 2 || length !== imageLength || count === 0) {
    throw new FormatError(
      source,
      "data",
      `an array of bytes with rows of ${imageLength}`,
      rows?.shape.join(" x ") ?? "none",
    );
  }
  const key = { cifar10: "labels", "cifar100-fine": "fine_labels", "cifar100-coarse": "coarse_labels" }[labels];
  const list = dict.get(key);
  if (!Array.isArray(list) || list.length !== count) {
    throw new FormatError(source, key, `a list of ${count} classes`, Array.isArray(list) ? `${list.length}` : "none");
  }
  const images = new Uint8Array(count * imageLength);
  for (let image = 0; image < count; image++) {
    writePlanes(
      rows.data.subarray(image * imageLength, (image + 1) * imageLength),
      images.subarray(image * imageLength),
    );
  }
  return { images: new HostArray(images, [count, 32, 32, 3]), labels: checkedLabels(list, source, labels) };
}

/**
 * The names of classes in the Python version's `batches.meta` or `meta`.
 *
 * @throws {FormatError} it is not such a file, or does not have them.
 */
export function parseCifarNames(bytes: Uint8Array, source: string, labels: CifarLabels): string[] {
  const dict = dictOf(parsePickle(bytes, source), source);
  const key = { cifar10: "label_names", "cifar100-fine": "fine_label_names", "cifar100-coarse": "coarse_label_names" }[
    labels
  ];
  const list = dict.get(key);
  const names = Array.isArray(list) ? list.map((name: PickleValue) => textOf(name)) : [];
  if (names.length !== classCounts[labels] || !names.every((name) => name !== undefined)) {
    throw new FormatError(source, key, `a list of ${classCounts[labels]} names`, `${names.length}`);
  }
  return names;
}

/** Number of classes. */
export const classCounts: Readonly<Record<CifarLabels, number>> = {
  cifar10: 10,
  "cifar100-fine": 100,
  "cifar100-coarse": 20,
};

function writePlanes(planes: Uint8Array, to: Uint8Array): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) to[3 * pixel + channel] = planes[channel * pixels + pixel] ?? 0;
  }
}

function checkedLabels(classes: readonly unknown[], source: string, labels: CifarLabels): HostArray<Int32Array> {
  const count = classCounts[labels];
  const odd = classes.findIndex((label) => !(Number.isInteger(label) && Number(label) >= 0 && Number(label) < count));
  if (odd >= 0) throw new FormatError(source, `label ${odd}`, `a class from 0 to ${count - 1}`, String(classes[odd]));
  return new HostArray(Int32Array.from(classes, Number), [classes.length]);
}

function dictOf(value: PickleValue, source: string): Map<string, PickleValue> {
  if (value instanceof Map) return value;
  throw new FormatError(source, "the pickle", "a dict, as CIFAR's Python version has it", "something else");
}

function arrayOf(value: PickleValue | undefined): HostArray<Uint8Array> | undefined {
  const isArray = typeof value === "object" && value !== null && "kind" in value && value.kind === "array";
  return isArray ? value.array : undefined;
}
