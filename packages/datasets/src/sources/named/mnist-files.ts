/** One file of bytes, and how errors name it. */
export interface SourceFile {
  readonly source: string;
  readonly bytes: Uint8Array;
}

/** The four files of MNIST, as IDX. */
export interface MnistFiles {
  readonly trainImages: SourceFile;
  readonly trainLabels: SourceFile;
  readonly testImages: SourceFile;
  readonly testLabels: SourceFile;
}
