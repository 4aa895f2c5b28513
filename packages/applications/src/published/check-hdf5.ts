import type { FileToCheck, WrongFile } from "@featuremap/files";

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Tells whether a file is a whole one of HDF5, by its signature and by the end that its superblock announces.
 *
 * Source: HDF5 file format specification 3.0, section II.A.
 */
export async function checkHdf5({ size, read }: FileToCheck): Promise<WrongFile | undefined> {
  const expected = "a whole HDF5 file";
  const start = await read(0, Math.min(size, 64));
  if (signature.some((byte, place) => start[place] !== byte)) return { expected, found: kindOf(start) };
  const end = announcedEnd(start);
  return end !== undefined && size < end ? { expected, found: `${size} bytes of ${end}` } : undefined;
}

/** Undefined where its addresses are of an unusual length, or unset. */
function announcedEnd(start: Uint8Array): number | undefined {
  const [version = 0] = start.subarray(8);
  // Before the end come the base's address and, of the other superblocks one each, another one.
  const [widthAt, addressesAt] = version < 2 ? [13, version === 0 ? 24 : 28] : [9, 12];
  if (version > 3 || start[widthAt] !== 8 || start.length < addressesAt + 24) return undefined;
  const end = new DataView(start.buffer, start.byteOffset).getBigUint64(addressesAt + 16, true);
  return end === 2n ** 64n - 1n ? undefined : Number(end);
}

function kindOf(start: Uint8Array): string {
  if (start.length === 0) return "an empty one";
  const text = new TextDecoder("latin1").decode(start).trimStart();
  return /^<(?:!doctype|html|\?xml)/i.test(text) ? "a web page" : "another";
}
