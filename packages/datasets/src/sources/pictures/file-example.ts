import type { Pixels } from "@featuremap/images";

/** A picture where it lies, not yet read. */
export interface FileExample {
  readonly path: string;
  /** Class index; -1 where there are no labels. */
  readonly label: number;
  /** The file's bytes, or the picture itself where it is stored as plain pixels. */
  contents(): Promise<Uint8Array | Pixels>;
}

/** What batches are made of: what `ImageFiles` has. */
export interface BatchableFiles {
  readonly size: number;
  readonly filePaths: readonly string[];
  readonly labels: Int32Array | undefined;
  readonly classNames: readonly string[];
  at(index: number): FileExample;
}
