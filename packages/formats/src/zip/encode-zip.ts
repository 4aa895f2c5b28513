/** How to write an archive. */
export interface EncodeZipOptions {
  /** As they are, so that they can be read in parts; or packed by deflate. Default: true. */
  readonly stored?: boolean | undefined;
}

/**
 * Writes files as a zip archive; zip64 where it must be. The same files give the same bytes: all of them are of 1980-01-01.
 *
 * In memory are the files and the archive.
 */
export async function encodeZip(
  entries: ReadonlyMap<string, Uint8Array>,
  { stored = true }: EncodeZipOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { ZipWriter, Uint8ArrayReader } = await import("@zip.js/zip.js/lib/zip-core-native.js");
  const archive = new Uint8Array([...entries].reduce((sum, [name, { length }]) => sum + mostBytes(name, length), 200));
  let written = 0;
  const sink = new WritableStream<Uint8Array>({
    write(chunk) {
      archive.set(chunk, written);
      written += chunk.length;
    },
  });
  const writer = new ZipWriter(sink, {
    level: stored ? 0 : 6,
    // The format has local time, which is what this date is made of.
    lastModDate: new Date(1980, 0, 1),
    extendedTimestamp: false,
    dataDescriptor: false,
    bufferedWrite: true,
    useWebWorkers: false,
  });
  for (const [name, bytes] of entries) await writer.add(name, new Uint8ArrayReader(bytes));
  await writer.close();
  return archive.subarray(0, written);
}

/** What a file takes in an archive, with both headers, zip64 and names in UTF-8; deflate adds a little to what it cannot pack. */
function mostBytes(name: string, length: number): number {
  return length + Math.ceil(length / 1000) + 6 * name.length + 200;
}
