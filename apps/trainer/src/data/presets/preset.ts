import type { Application } from "@featuremap/applications";
import type { FoundParts } from "../training-data.ts";

/** Where a preset's pictures are taken from. */
export interface PresetSource {
  /** The folder, or the archive, where they lie on the disk. */
  readonly dataFolder?: string | undefined;
  /** Where downloads go. Default: the cache folder. */
  readonly downloadFolder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onDownload?: ((loaded: number, total: number | undefined) => void) | undefined;
}

/** A task that can be trained by its name: data, network, and how it learns. */
export interface Preset {
  readonly name: string;
  /** What the pictures are, for messages: "digits". */
  readonly imagesAre: string;
  /** The network of the document that it follows, with its settings. */
  readonly network: Application;
  /** Where other than the network's. */
  readonly epochs?: number;
  /** What a download leaves in its folder: the name of a file, or of a folder. Absent where nothing is downloaded. */
  readonly download?: string;
  /** Fixed, so that a first try gives the accuracy that is promised. */
  readonly seed: number;
  /**
   * @throws {UnavailableError} the pictures are not there, and cannot be fetched; the message says which file to put where.
   */
  open(source: PresetSource): Promise<FoundParts>;
}
