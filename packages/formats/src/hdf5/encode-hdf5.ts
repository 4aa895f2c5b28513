import { InvalidConfigError, sizeOf } from "@featuremap/tensor";
import { joinBytes } from "../reading/join-bytes.ts";

/** A dataset to write. */
export interface Hdf5Dataset {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint32Array | Uint8Array | BigInt64Array;
}

/** A group to write: datasets and groups by name, and its own attributes. */
export interface Hdf5Group {
  readonly attributes: Map<string, string>;
  readonly children: Map<string, Hdf5Group | Hdf5Dataset>;
}

/** An empty group. */
export function newGroup(): Hdf5Group {
  return { attributes: new Map(), children: new Map() };
}

/** The group at a path below another, made where it is missing. @throws {InvalidConfigError} a dataset stands there. */
export function groupAt(root: Hdf5Group, path: string): Hdf5Group {
  let group = root;
  for (const name of path.split("/")) {
    const found = group.children.get(name) ?? newGroup();
    if ("data" in found) throw new InvalidConfigError("groupAt", "path", "one of groups", path);
    group.children.set(name, found);
    group = found;
  }
  return group;
}

/**
 * An HDF5 file that every release since 1.8 reads. The same groups give the same bytes.
 *
 * Objects have headers of version 1, as h5py writes them; groups hold their links in these headers, which takes less than trees.
 * Source: HDF5 File Format Specification 3.0.
 */
export function encodeHdf5(root: Hdf5Group): Uint8Array<ArrayBuffer> {
  const parts: Part[] = [];
  const end = { at: 96 };
  const rootAddress = placeGroup(root, parts, end);
  const file = new Uint8Array(end.at);
  file.set(superblock(rootAddress, end.at));
  for (const { address, bytes } of parts) file.set(bytes, address);
  return file;
}

interface Part {
  readonly address: number;
  readonly bytes: Uint8Array;
}

const unset = new Uint8Array(8).fill(0xff);
const utf8 = new TextEncoder();

function placeGroup(group: Hdf5Group, parts: Part[], end: { at: number }): number {
  const links = [...group.children].map(([name, child]) => {
    const address = "data" in child ? placeDataset(child, parts, end) : placeGroup(child, parts, end);
    const text = utf8.encode(name);
    // Flags: the name is marked as UTF-8, and its length takes four bytes.
    return message(0x06, [1, 0x12, 1], u32(text.length), text, u64(address));
  });
  const linkInfo = message(0x02, [0, 0], unset, unset);
  const groupInfo = message(0x0a, [0, 0]);
  return placeHeader([linkInfo, groupInfo, ...links, ...attributes(group.attributes)], parts, end);
}

function placeDataset({ shape, data }: Hdf5Dataset, parts: Part[], end: { at: number }): number {
  if (sizeOf(shape) !== data.length) {
    throw new InvalidConfigError("encodeHdf5", "data", `of ${sizeOf(shape)} elements`, data.length);
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const address = bytes.length === 0 ? unset : u64(place(bytes, parts, end));
  const fill = message(0x05, [2, 2, 2, 0]);
  return placeHeader(
    [
      message(0x01, dataspace(shape)),
      message(0x03, datatype(data)),
      fill,
      message(0x08, [3, 1], address, u64(bytes.length)),
    ],
    parts,
    end,
  );
}

function placeHeader(list: readonly Uint8Array[], parts: Part[], end: { at: number }): number {
  const body = joinBytes(list);
  return place(joinBytes([[1, 0], u16(list.length), u32(1), u32(body.length), u32(0), body]), parts, end);
}

function place(bytes: Uint8Array, parts: Part[], end: { at: number }): number {
  const address = end.at;
  parts.push({ address, bytes });
  end.at += 8 * Math.ceil(bytes.length / 8);
  return address;
}

function attributes(list: ReadonlyMap<string, string>): Uint8Array[] {
  return [...list].map(([name, value]) => {
    const named = utf8.encode(`${name}\0`);
    const text = utf8.encode(value);
    const space = dataspace([]);
    // Text in UTF-8 that NULs fill up; an empty one has a NUL.
    const type = joinBytes([[0x13, 0x11, 0, 0], u32(Math.max(1, text.length))]);
    const lengths = [named.length, type.length, space.length].map(u16);
    return message(
      0x0c,
      [1, 0],
      ...lengths,
      padded(named),
      padded(type),
      padded(space),
      text.length === 0 ? [0] : text,
    );
  });
}

function dataspace(shape: readonly number[]): Uint8Array {
  return joinBytes([[1, shape.length, 0, 0, 0, 0, 0, 0], ...shape.map(u64)]);
}

function datatype(data: Hdf5Dataset["data"]): Uint8Array {
  const size = data.BYTES_PER_ELEMENT;
  if (data instanceof Float32Array) {
    // Sign at bit 31; exponent of 8 bits at 23 with bias 127; mantissa of 23 bits without its first.
    return joinBytes([[0x11, 0x20, 31, 0], u32(size), u16(0), u16(32), [23, 8, 0, 23], u32(127)]);
  }
  const isSigned = data instanceof Int32Array || data instanceof BigInt64Array;
  return joinBytes([[0x10, isSigned ? 8 : 0, 0, 0], u32(size), u16(0), u16(8 * size)]);
}

function superblock(root: number, length: number): Uint8Array {
  const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  const versions = [0, 0, 0, 0, 0, 8, 8, 0];
  return joinBytes([
    signature,
    versions,
    ...[4, 16].map(u16),
    u32(0),
    u64(0),
    unset,
    u64(length),
    unset,
    // The root's entry: its name, its header, and nothing kept beside.
    u64(0),
    u64(root),
    new Uint8Array(24),
  ]);
}

function message(type: number, ...content: (readonly number[] | Uint8Array)[]): Uint8Array {
  const body = padded(joinBytes(content));
  return joinBytes([u16(type), u16(body.length), [0, 0, 0, 0], body]);
}

function padded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(8 * Math.ceil(bytes.length / 8));
  result.set(bytes);
  return result;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >>> 8);
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}
