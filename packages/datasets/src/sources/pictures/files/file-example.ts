import type { Pixels } from "@featuremap/images";

/** A picture where it lies, not yet read. */
export interface FileExample {
  readonly path: string;
  /** The same as `path`, where it is that of a file on the disk. */
  readonly file?: string;
  /** Class index; -1 where there are no labels. */
  readonly label: number;
  /** The file's bytes, or the picture itself where it is stored as plain pixels. */
  contents(): Promise<Uint8Array | Pixels>;
}

/** What batches are made of: some of the files that were found. */
export interface BatchableFiles {
  readonly size: number;
  readonly filePaths: readonly string[];
  readonly labels: Int32Array | undefined;
  readonly classNames: readonly string[];
  /** Whether paths are those of files on the disk. */
  readonly onDisk: boolean;
  /** Paths of all files that these were chosen from. */
  readonly basePaths: readonly string[];
  /** Where a file stands among these. */
  baseIndex(index: number): number;
  at(index: number): FileExample;
}
