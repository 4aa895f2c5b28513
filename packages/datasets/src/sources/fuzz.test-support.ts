import { FormatError, RandomStream } from "@featuremap/tensor";
import { readZipEntry, zipEntries } from "./archives/zip.ts";
import { tarEntries } from "./archives/tar.ts";
import { parseNpy } from "./arrays/npy.ts";
import { readNpz } from "./arrays/npz.ts";
import { bytesInMemory } from "./bytes/byte-source.ts";
import { collect } from "./bytes/collect.ts";
import { parseCifarBinary, parseCifarPython } from "./named/cifar/cifar-images.ts";
import { bytesOf, goldenFiles } from "./golden-files.test-support.ts";
import { parseIdx } from "./idx/idx.ts";
import { parseCelebAttributes, parseCelebPartitions } from "./tables/celeb-a-tables.ts";
import { parseCsv } from "./tables/csv.ts";
import { parseJsonLines } from "./tables/json-lines.ts";
import { parseTfExample } from "./tfrecord/tf-example.ts";
import { readTfRecord, tfRecords } from "./tfrecord/tf-records.ts";

/** A reader of strangers' files, and a file that it takes. */
export interface Fuzzed {
  readonly name: string;
  readonly file: Uint8Array;
  readonly read: (bytes: Uint8Array) => unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const text = (contents: string): Uint8Array => encoder.encode(contents);
const limit = 2 ** 20;

/** Every parser. */
export const fuzzed: readonly Fuzzed[] = [
  { name: "IDX", file: Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3), read: (bytes) => parseIdx(bytes, "fuzz") },
  ...Object.entries(goldenFiles.tar.accepted).map(([name, file]) => ({
    name: `tar, ${name}`,
    file: bytesOf(file),
    read: (bytes: Uint8Array) => collect(tarEntries(bytesInMemory(bytes, "fuzz"))),
  })),
  ...Object.entries(goldenFiles.zip.accepted).map(([name, file]) => ({
    name: `zip, ${name}`,
    file: bytesOf(file),
    read: async (bytes: Uint8Array) => {
      const source = bytesInMemory(bytes, "fuzz");
      for (const entry of await zipEntries(source)) await readZipEntry(source, entry, limit);
    },
  })),
  {
    name: "npy",
    file: bytesOf(goldenFiles.npy.accepted[5]?.file ?? ""),
    read: (bytes) => parseNpy(bytes, "fuzz"),
  },
  {
    name: "npz",
    file: bytesOf(goldenFiles.npz.packed),
    read: (bytes) => readNpz(bytesInMemory(bytes, "fuzz"), undefined, { bytes: limit }),
  },
  {
    name: "CIFAR, binary",
    file: bytesOf(goldenFiles.cifar.binary),
    read: (bytes) => parseCifarBinary(bytes, "fuzz", "cifar10"),
  },
  ...Object.entries(goldenFiles.cifar.python).map(([name, file]) => ({
    name: `CIFAR, ${name}`,
    file: bytesOf(file),
    read: (bytes: Uint8Array) => parseCifarPython(bytes, "fuzz", "cifar10"),
  })),
  {
    name: "tfrecord",
    file: bytesOf(goldenFiles.tfrecord),
    read: async (bytes) => {
      const source = bytesInMemory(bytes, "fuzz");
      for await (const record of tfRecords(source)) parseTfExample(await readTfRecord(source, record, limit), "fuzz");
    },
  },
  {
    name: "tf.train.Example",
    // The first record, without its frame.
    file: bytesOf(goldenFiles.tfrecord).subarray(12, 12 + (bytesOf(goldenFiles.tfrecord)[0] ?? 0)),
    read: (bytes) => parseTfExample(bytes, "fuzz"),
  },
  {
    name: "CSV",
    file: text('path,label\n"a ""b"".jpg",cat\r\nb.jpg,"dog, big"\n'),
    read: (bytes) => [...parseCsv(decoder.decode(bytes), "fuzz")],
  },
  {
    name: "JSON lines",
    file: text('{"path":"a.jpg","label":1}\n\n{"path":"b.jpg","label":[]}\n'),
    read: (bytes) => [...parseJsonLines(decoder.decode(bytes), "fuzz")],
  },
  {
    name: "CelebA's attributes",
    file: text("2\nBald Smiling\n1.jpg -1  1\n2.jpg  1 -1\n"),
    read: (bytes) => parseCelebAttributes(decoder.decode(bytes), "fuzz", "Smiling"),
  },
  {
    name: "CelebA's partitions",
    file: text("1.jpg 0\n2.jpg 1\n3.jpg 2\n"),
    read: (bytes) => parseCelebPartitions(decoder.decode(bytes), "fuzz"),
  },
];

const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fffe, 0x0001_0000];

/** A file with one to four faults, of the kinds that disks, networks and people with bad intentions make. */
export function mutated(file: Uint8Array, random: RandomStream): Uint8Array {
  let bytes: Uint8Array = file.slice();
  for (let fault = random.integer(4); fault >= 0 && bytes.length > 0; fault--) {
    const at = random.integer(bytes.length);
    const end = Math.min(bytes.length, at + 1 + random.integer(64));
    switch (random.integer(6)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
        break;
      case 1:
        bytes[at] = random.integer(256);
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes = Uint8Array.from([...bytes.subarray(0, end), ...bytes.subarray(at)]);
        break;
      case 4:
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(end)]);
        break;
      default:
        if (at + 4 <= bytes.length) {
          const value = extremes[random.integer(extremes.length)] ?? 0;
          new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, random.integer(2) === 0);
        }
    }
  }
  return bytes;
}

/** Holds a reader to what a reader of strangers' files must do, `runs` times. */
export async function checkFuzz({ name, file, read }: Fuzzed, runs: number): Promise<void> {
  await read(file);
  const random = new RandomStream(1).fork(name);
  let refused = 0;
  for (let run = 0; run < runs; run++) {
    const bytes = mutated(file, random);
    const start = performance.now();
    try {
      await read(bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      refused += 1;
    }
    const taken = performance.now() - start;
    if (taken > 2000) throw new Error(`${name}: run ${run} took ${taken} ms`);
  }
  if (refused === 0) throw new Error(`${name}: no fault was noticed`);
}
