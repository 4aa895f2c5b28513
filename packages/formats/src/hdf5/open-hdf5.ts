import { describeValue } from "@featuremap/tensor";
import type { ByteSource } from "../reading/byte-source.ts";
import type { StoredTensor } from "../tensors/tensor-store.ts";
import { type TextAttribute, readAttribute } from "./attributes.ts";
import { datasetTensor, isDataset } from "./dataset.ts";
import { type Link, readGroup } from "./group.ts";
import { Hdf5Bytes } from "./hdf5-bytes.ts";
import { type Message, readObjectHeader } from "./object-header.ts";

/**
 * An HDF5 file: a tree of groups and datasets, with attributes. What is asked for is read then; paths are as in `layers/dense/vars/0`,
 * and the root is the empty text.
 *
 * Every method throws a FormatError where the file is damaged, and an UnavailableError where it cannot be read.
 */
export interface Hdf5File {
  /** The file, for errors. */
  readonly source: string;
  /** Names in a group, in the order of the file; undefined if no group is there. */
  keys(path: string): Promise<readonly string[] | undefined>;
  /** A dataset as a tensor; undefined if nothing is there. @throws {FormatError} it is a group, or not of numbers. */
  tensor(path: string): Promise<StoredTensor | undefined>;
  /** Texts of an attribute; undefined if nothing is there. @throws {FormatError} it is not text. */
  attribute(path: string, name: string): Promise<TextAttribute | undefined>;
}

interface Node {
  readonly header: readonly Message[];
  readonly links: ReadonlyMap<string, Link> | undefined;
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether bytes begin as an HDF5 file. */
export function isHdf5(bytes: Uint8Array): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/**
 * Opens an HDF5 file as h5py writes it by default, and older ones.
 *
 * Links to elsewhere, datasets whose values lie in other files, and filters other than gzip and shuffle are refused where they are met:
 * a file leads nowhere but into itself. What is read of it at once is a structure of a few kilobytes or the tensor asked for.
 *
 * @param source what to read; whoever opened it closes it
 * @throws {FormatError} it is not such a file.
 * @throws {UnavailableError} it cannot be read.
 */
export async function openHdf5(source: ByteSource): Promise<Hdf5File> {
  const file = new Hdf5Bytes(source);
  const root = await rootAddress(file);
  const nodes = new Map<number, Promise<Node>>();
  const open = (address: number, what: string): Promise<Node> => {
    const known = nodes.get(address);
    if (known !== undefined) return known;
    const node = readNode(file, address, what);
    nodes.set(address, node);
    return node;
  };
  const find = async (path: string): Promise<Node | undefined> => {
    let node = await open(root, "the root");
    let walked = "";
    for (const name of path === "" ? [] : path.split("/")) {
      walked += `${walked === "" ? "" : "/"}${name}`;
      const link = node.links?.get(name);
      if (link === undefined) return undefined;
      if (typeof link === "string") throw file.refusal(describeValue(walked), "in the file itself", link);
      node = await open(link, describeValue(walked));
    }
    return node;
  };
  return {
    source: source.name,
    async keys(path) {
      const links = (await find(path))?.links;
      return links === undefined ? undefined : [...links.keys()];
    },
    async tensor(path) {
      const node = await find(path);
      if (node === undefined) return undefined;
      if (!isDataset(node.header)) throw file.refusal(describeValue(path), "a dataset", "a group");
      return datasetTensor(file, node.header, describeValue(path));
    },
    async attribute(path, name) {
      const node = await find(path);
      if (node === undefined) return undefined;
      return readAttribute(file, node.header, name, path === "" ? "the root" : describeValue(path));
    },
  };
}

async function readNode(file: Hdf5Bytes, address: number, what: string): Promise<Node> {
  const header = await readObjectHeader(file, address, what);
  return { header, links: isDataset(header) ? undefined : await readGroup(file, header, what) };
}

/** Source: HDF5 File Format Specification 3.0, "Disk Format: Level 0A - Format Signature and Superblock". */
async function rootAddress(file: Hdf5Bytes): Promise<number> {
  const what = "the file";
  const start = await file.view(0, Math.min(file.size, 96), what);
  if (!isHdf5(new Uint8Array(start.buffer))) throw file.refusal(what, "an HDF5 file", "another");
  if (start.byteLength < 48) throw file.refusal(what, "a whole HDF5 file", `${file.size} bytes`);
  const version = start.getUint8(8);
  const isOld = version < 2;
  if (version > 3) throw file.refusal(what, "an HDF5 file of superblock version 0 to 3", `version ${version}`);
  const sizes = [start.getUint8(isOld ? 13 : 9), start.getUint8(isOld ? 14 : 10)];
  if (sizes.some((size) => size !== 8))
    throw file.refusal(what, "an HDF5 file of 64 bits", `${sizes.join(" and ")} bytes`);
  const at = isOld ? (version === 1 ? 28 : 24) : 12;
  if (file.length(start, at, what) !== 0) throw file.refusal(what, "begun with its superblock", "a base address");
  const end = file.length(start, at + 16, what);
  if (end > file.size) throw file.refusal(what, `${end} bytes long, as it says`, `${file.size}: it was cut off`);
  return isOld ? file.address(start, at + 40, what) : file.address(start, at + 24, what);
}
