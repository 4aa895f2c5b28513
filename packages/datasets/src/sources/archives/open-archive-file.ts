import { openFile, unpackGzip } from "#local-files";
import { bytesOfBlob } from "../bytes/byte-source.ts";
import { type OpenArchive, openArchive } from "./open-archive.ts";

/**
 * An archive on the disk, or one that a person chose in a page.
 *
 * A packed tar (`.tar.gz`, `.tgz`) is unpacked once into the cache folder: only so its files can be read in any order.
 *
 * @throws {UnavailableError} it cannot be read.
 * @throws {FormatError} it is not an archive, or damaged.
 */
export async function openArchiveFile(archive: string | Blob): Promise<OpenArchive> {
  if (typeof archive !== "string") return openArchive(bytesOfBlob(archive));
  const source = await openFile(archive);
  const start = await source.read(0, Math.min(2, source.size));
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  return openArchive(isPacked ? { ...(await openFile(await unpackGzip(archive))), name: archive } : source);
}
