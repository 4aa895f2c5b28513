import { FormatError, type HostArray } from "@featuremap/tensor";
import { readZipEntry, zipEntries } from "../archives/zip.ts";
import type { ByteSource } from "../bytes/byte-source.ts";
import { parseNpy } from "./npy.ts";

/** What a `.npz` file may ask for. */
export interface NpzLimits {
  /** Bytes of one array, unpacked. Default: 2^31 - 1. */
  readonly bytes?: number;
}

/**
 * Arrays of a file as numpy's `savez` and `savez_compressed` write it, by name; only those named are unpacked.
 *
 * @param names the arrays wanted; by default all
 * @throws {FormatError} it is not such a file, damaged or longer than the limit, or an array is missing.
 */
export async function readNpz(
  source: ByteSource,
  names?: readonly string[],
  limits: NpzLimits = {},
): Promise<Map<string, HostArray>> {
  const entries = new Map<string, Awaited<ReturnType<typeof zipEntries>>[number]>();
  for (const entry of await zipEntries(source)) {
    if (entry.name.endsWith(".npy")) entries.set(entry.name.slice(0, -".npy".length), entry);
  }
  const arrays = new Map<string, HostArray>();
  for (const name of names ?? entries.keys()) {
    const entry = entries.get(name);
    if (entry === undefined) {
      const found = [...entries.keys()].join(", ");
      throw new FormatError(source.name, `array ${name}`, "one of its arrays", found === "" ? "none" : found);
    }
    const bytes = await readZipEntry(source, entry, limits.bytes ?? 2 ** 31 - 1);
    arrays.set(name, parseNpy(bytes, `${source.name}: ${name}`));
  }
  return arrays;
}
