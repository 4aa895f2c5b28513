import { type ReadOptions, checkSize, throwIfAborted, isBlob } from "@featuremap/files";
import { FormatError, InvalidConfigError, UnavailableError, isTypedArray } from "@featuremap/tensor";
import { type ByteSource, blobSource, bytesSource, unreadable } from "./byte-source.ts";

/** Name of the document that makes a folder a model. */
export const documentName = "model.json";

/**
 * A model's files by name, as a dropped folder or a chooser gives them.
 *
 * Names may carry folders (`mnist/model.json`); the files beside `model.json` are the model's.
 */
export type BundleFiles = ReadonlyMap<string, Uint8Array | Blob>;

/** Where a model's files come from: a folder, an address, or files already at hand. */
export interface ModelReader {
  /** Path or address of a file, for errors. */
  describe(file: string): string;
  /**
   * The whole file.
   *
   * @throws {UnavailableError} it is absent or cannot be reached.
   * @throws {FormatError} it is longer than the limit.
   * @throws {InvalidConfigError} a file at hand is neither bytes nor a blob.
   * @throws {AbortedError} the signal was raised.
   */
  read(file: string, options: ReadOptions): Promise<Uint8Array>;
  /**
   * The file opened; whoever opens it closes it. Of one at an address all comes into memory, of others what is read.
   *
   * @throws as `read`
   */
  open(file: string, options: ReadOptions): Promise<ByteSource>;
  /** A SHA-256 that is made of parts, where files can be read in parts. */
  readonly hash?: (() => PartHash) | undefined;
}

/** A hash of bytes that come in parts. */
export interface PartHash {
  update(bytes: Uint8Array): unknown;
  digest(encoding: "hex"): string;
}

/**
 * Reads from files at hand.
 *
 * @throws {FormatError} none of them is `model.json`, or several are.
 */
export function readFromFiles(files: BundleFiles): ModelReader {
  const isDocument = (name: string): boolean => `/${name}`.endsWith(`/${documentName}`);
  const documents = [...files.keys()].filter(isDocument);
  const [document] = documents;
  if (document === undefined || documents.length > 1) {
    throw new FormatError("bundle files", documentName, "among them once", `${documents.length} of that name`);
  }
  const folder = document.slice(0, -documentName.length);
  const contentOf = (file: string, options: ReadOptions): Uint8Array | Blob => {
    const name = folder + file;
    throwIfAborted(name, options.signal);
    const content = files.get(name);
    if (content === undefined) {
      throw new UnavailableError(`The bundle's file ${name} is missing`, "Give all files of its folder.");
    }
    if (!(isTypedArray(content, "Uint8Array") || isBlob(content))) {
      throw new InvalidConfigError("bundle files", `file ${name}`, "bytes (a Uint8Array) or a Blob", content);
    }
    checkSize(name, isTypedArray(content, "Uint8Array") ? content.length : content.size, options);
    return content;
  };
  return {
    describe: (file) => folder + file,
    async read(file, options) {
      const content = contentOf(file, options);
      const bytes = isTypedArray(content, "Uint8Array") ? content : await readBlob(content, folder + file);
      options.onProgress?.(bytes.length, bytes.length);
      return bytes;
    },
    async open(file, options) {
      const content = contentOf(file, options);
      return isTypedArray(content, "Uint8Array")
        ? bytesSource(content, folder + file)
        : blobSource(content, folder + file);
    },
  };
}

async function readBlob(blob: Blob, name: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw unreadable(name, cause);
  }
}
