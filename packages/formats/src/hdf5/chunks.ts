import { sizeOf } from "@featuremap/tensor";
import { type Filter, unpack } from "./filters.ts";
import { Fields, type Hdf5Bytes, undefinedAddress } from "./hdf5-bytes.ts";

/** A dataset in chunks of one size; those at the far sides reach beyond it. */
export interface ChunkGrid {
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  readonly elementSize: number;
  readonly filters: readonly Filter[];
  /** The dataset, for errors. */
  readonly what: string;
}

interface Chunk {
  readonly address: number;
  readonly length: number;
  readonly skipped: number;
  readonly start: readonly number[];
}

/** Deflate makes no byte more than this many. */
const longestRatio = 1032;

/**
 * All bytes of a dataset in chunks, row-major. In memory are these, and one chunk.
 *
 * @throws {FormatError} a chunk is missing, stands twice, or is damaged.
 */
export async function readChunks(
  file: Hdf5Bytes,
  tree: number | typeof undefinedAddress,
  grid: ChunkGrid,
): Promise<Uint8Array<ArrayBuffer>> {
  const { shape, chunk, elementSize, filters, what } = grid;
  if (chunk.includes(0)) throw file.refusal(what, "in chunks with a size", "chunks of no size");
  const counts = shape.map((length, axis) => Math.ceil(length / (chunk[axis] ?? 1)));
  const wanted = sizeOf(counts);
  const size = sizeOf(chunk) * elementSize;
  const total = sizeOf(shape) * elementSize;
  const chunks = tree === undefinedAddress ? [] : await findChunks(file, tree, shape.length, wanted, what);
  if (chunks.length !== wanted) throw file.refusal(what, `of ${wanted} chunks`, `${chunks.length}`);
  const packed = chunks.reduce((sum, { length }) => sum + length, 0);
  // Before memory is taken for what may not be there.
  const most = filters.some(({ kind }) => kind === "deflate") ? longestRatio : 1;
  if (packed > file.size || size > (packed + 1) * most || total > (packed + 1) * most) {
    throw file.refusal(what, "no longer than its chunks can make it", `${total} bytes`);
  }
  const result = new Uint8Array(total);
  const seen = new Set<number>();
  for (const { address, length, skipped, start } of chunks) {
    const place = start.reduce((index, at, axis) => index * (counts[axis] ?? 1) + at / (chunk[axis] ?? 1), 0);
    const isInside = start.every((at, axis) => at % (chunk[axis] ?? 1) === 0 && at < (shape[axis] ?? 0));
    if (!isInside || seen.has(place))
      throw file.refusal(what, "in chunks side by side", `one at (${start.join(", ")})`);
    seen.add(place);
    const bytes = await unpack(await file.data(address, length, what), filters, skipped, size, file.name, what);
    placeChunk(bytes, start, grid, result);
  }
  return result;
}

/** The chunks of a tree. Source: HDF5 File Format Specification 3.0, "B-trees: version 1". */
async function findChunks(file: Hdf5Bytes, tree: number, rank: number, wanted: number, what: string): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  const seen = new Set<number>();
  const nodes = [tree];
  for (let node = nodes.shift(); node !== undefined; node = nodes.shift()) {
    if (seen.has(node)) throw file.refusal(what, "a tree of chunks", "one that leads in circles");
    seen.add(node);
    const head = await file.view(node, 8, what);
    file.requireSignature(head, "TREE", what);
    if (head.getUint8(4) !== 1) throw file.refusal(what, "a tree of chunks", "another");
    const [level, count] = [head.getUint8(5), head.getUint16(6, true)];
    const length = count * (16 + 8 * (rank + 1));
    const fields = new Fields(file, await file.view(node + 24, length, what), what);
    for (let index = 0; index < count; index++) {
      const [size, skipped] = [fields.number(4), fields.number(4)];
      const start = Array.from({ length: rank }, () => fields.number(8));
      fields.skip(8);
      const address = fields.address();
      if (level > 0) nodes.push(address);
      else if (chunks.push({ address, length: size, skipped, start }) > wanted) {
        throw file.refusal(what, `of ${wanted} chunks`, "more");
      }
    }
  }
  return chunks;
}

/** Copies what of a chunk lies in the dataset, a row of the last axis at a time. */
function placeChunk(bytes: Uint8Array, start: readonly number[], grid: ChunkGrid, into: Uint8Array): void {
  const { shape, chunk, elementSize } = grid;
  const last = shape.length - 1;
  const rows = sizeOf(chunk.slice(0, -1));
  const rowLength = (chunk[last] ?? 1) * elementSize;
  const used = Math.min(chunk[last] ?? 1, (shape[last] ?? 1) - (start[last] ?? 0)) * elementSize;
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let to = 0;
    let step = shape[last] ?? 1;
    let isInside = true;
    for (let axis = last - 1; axis >= 0; axis--) {
      const at = (start[axis] ?? 0) + (rest % (chunk[axis] ?? 1));
      rest = Math.floor(rest / (chunk[axis] ?? 1));
      if (at >= (shape[axis] ?? 0)) isInside = false;
      to += at * step;
      step *= shape[axis] ?? 1;
    }
    if (!isInside) continue;
    into.set(bytes.subarray(row * rowLength, row * rowLength + used), (to + (start[last] ?? 0)) * elementSize);
  }
}
