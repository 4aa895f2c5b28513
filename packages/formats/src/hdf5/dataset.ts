import { sizeOf } from "@featuremap/tensor";
import { toFloat32 } from "../tensors/element-types.ts";
import type { StoredTensor } from "../tensors/tensor-store.ts";
import { type ChunkGrid, readChunks } from "./chunks.ts";
import { type NumberType, readDataspace, readDatatype } from "./datatype.ts";
import { readFilters } from "./filters.ts";
import type { Fields, Hdf5Bytes } from "./hdf5-bytes.ts";
import { type Message, messageOf, messages } from "./object-header.ts";

/** The largest axis and the largest tensor are what a list can have. */
const mostElements = 2 ** 32;

/** Whether a header is that of a dataset. */
export function isDataset(header: readonly Message[]): boolean {
  return header.some(({ type }) => type === messages.layout);
}

/**
 * A dataset as a tensor, of which nothing is read before it is asked for. What it says of its size fits what the file has.
 *
 * @throws {FormatError} it is damaged, has other elements than numbers, or its values lie in other files.
 */
export function datasetTensor(file: Hdf5Bytes, header: readonly Message[], what: string): StoredTensor {
  const need = (type: number, name: string): Fields => {
    const fields = messageOf(header, type);
    if (fields === undefined) throw file.refusal(what, `a dataset with its ${name}`, "none");
    return fields;
  };
  if (header.some(({ type }) => type === messages.externalFiles)) {
    throw file.refusal(what, "with its values in the file", "values in other files");
  }
  const shape = readDataspace(need(messages.dataspace, "shape"));
  const datatype = readDatatype(need(messages.datatype, "type"));
  if (shape === undefined) throw file.refusal(what, "a tensor", "nothing");
  if (datatype.kind !== "number") {
    throw file.refusal(what, "of numbers", datatype.kind === "text" ? "texts" : datatype.name);
  }
  const count = sizeOf(shape);
  if (!(count < mostElements)) throw file.refusal(what, `of fewer than ${mostElements} elements`, `${count}`);
  const filters = messageOf(header, messages.filters);
  const read = layout(file, need(messages.layout, "values"), { shape, datatype, filters, what });
  return {
    shape,
    type: datatype.element,
    async read() {
      const bytes = count === 0 ? new Uint8Array(0) : await read();
      return toFloat32(
        datatype.isBigEndian ? turnBytes(bytes, datatype.size) : bytes,
        datatype.element,
        file.name,
        what,
      );
    },
  };
}

interface Dataset {
  readonly shape: readonly number[];
  readonly datatype: NumberType;
  readonly filters: Fields | undefined;
  readonly what: string;
}

/** How the bytes are read. Source: HDF5 File Format Specification 3.0, "Data Layout Message". */
function layout(
  file: Hdf5Bytes,
  fields: Fields,
  { shape, datatype, filters, what }: Dataset,
): () => Promise<Uint8Array<ArrayBuffer>> {
  const size = sizeOf(shape) * datatype.size;
  const version = fields.number(1);
  if (version < 3 || version > 5) throw file.refusal(what, "kept as HDF5 1.6 and later do", `version ${version}`);
  const kind = fields.number(1);
  if (filters !== undefined && kind !== 2) throw file.refusal(what, "packed in chunks", "packed as a whole");
  if (kind === 0) {
    const length = fields.number(2);
    if (length < size) throw file.refusal(what, `of ${size} bytes`, `${length}`);
    const bytes = fields.bytes(length).slice(0, size);
    return () => Promise.resolve(bytes);
  }
  if (kind === 1) {
    if (size === 0) return () => Promise.resolve(new Uint8Array(0));
    const address = fields.address();
    const length = fields.number(8);
    if (length < size) throw file.refusal(what, `of ${size} bytes`, `${length}`);
    if (address + size > file.size) {
      throw file.refusal(what, `inside the ${file.size} bytes of the file`, `${size} bytes from ${address} on`);
    }
    return () => file.data(address, size, what);
  }
  if (kind === 3) throw file.refusal(what, "with its values in the file", "values in other files");
  if (kind !== 2 || version !== 3) {
    throw file.refusal(what, 'written with h5py\'s own settings (not libver="latest")', "chunks of the newer kind");
  }
  const rank = fields.number(1);
  if (rank !== shape.length + 1) throw file.refusal(what, `in chunks of ${shape.length} axes`, `${rank - 1}`);
  const tree = fields.addressIfAny();
  const chunk = Array.from({ length: rank }, () => fields.number(4));
  const elementSize = chunk.pop();
  if (elementSize !== datatype.size) throw file.refusal(what, `of ${datatype.size} bytes each`, `${elementSize}`);
  const grid: ChunkGrid = {
    shape,
    chunk,
    elementSize,
    filters: filters === undefined ? [] : readFilters(filters),
    what,
  };
  return () => readChunks(file, tree, grid);
}

function turnBytes(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const turned = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) turned[at] = bytes[at - (at % size) + size - 1 - (at % size)] ?? 0;
  return turned;
}
