import { requirePath } from "#local-files";
import { cachedDownload } from "@featuremap/files";
import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { filesOfArchive } from "../archives/image-files-from-archive.ts";
import { openArchiveFile } from "../archives/open-archive-file.ts";
import { type DownloadOptions, downloadNames, downloadOptionsOf } from "./download-options.ts";
import type { ImageFiles } from "../pictures/image-files.ts";

/** Where {@link flowers} reads from. */
export interface FlowersOptions extends DownloadOptions {
  /** `flower_photos.tgz` on the disk. Default: it is downloaded into the cache folder (229 MB). */
  readonly archive?: string | URL;
}

const names: OptionNames<FlowersOptions> = { archive: true, ...downloadNames };
const address = "https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz";
const checksum = "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c";

/**
 * The 3,670 photos of daisies, dandelions, roses, sunflowers and tulips of TensorFlow's tutorials, of all sizes.
 *
 * The archive is unpacked into the cache folder once, as one file.
 *
 * @throws {UnavailableError} it cannot be read or downloaded; then the message says which file to put where.
 * @throws {FormatError} it is damaged.
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 */
export async function flowers(options: FlowersOptions = {}): Promise<ImageFiles> {
  checkOptions("flowers", options, names);
  const { archive } = options;
  const path =
    archive === undefined
      ? await cachedDownload(address, { sha256: checksum, ...downloadOptionsOf(options) })
      : requirePath("flowers", "archive", archive);
  return filesOfArchive(await openArchiveFile(path), {}, "flowers");
}
