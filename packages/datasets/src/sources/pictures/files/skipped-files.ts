import { FeaturemapError, FormatError, InvalidConfigError } from "@featuremap/tensor";
import { CacheError } from "../../../pipeline/packed/cache-error.ts";
import { FileNotes } from "./file-notes.ts";

/** A file that is not used, and why. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

/** Files that an error names. */
const mostNamed = 3;

/** What the system says of one file, rather than of all: it may be another the next time. */
const ownReasons: ReadonlySet<unknown> = new Set([
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "EACCES",
  "EPERM",
  "ELOOP",
  "ENAMETOOLONG",
]);

/** Counts files that are not pictures, damaged or absent, each once, and stops where they are too many. */
export class SkippedFiles {
  /** Of those that are used. */
  readonly notes: FileNotes = new FileNotes();
  readonly #reasons = new Map<string, string>();
  /** Files that were damaged or absent when they were last looked at. */
  readonly #damaged = new Set<string>();
  readonly #absent = new Set<string>();
  readonly #size: number;
  readonly #mostShare: number;

  /**
   * @param size files in all
   * @param foreign those that were left out from the beginning
   * @throws {InvalidConfigError} the share is not a number in [0, 1].
   */
  constructor(size: number, mostShare: number, foreign: readonly SkippedFile[]) {
    if (!(typeof mostShare === "number" && mostShare >= 0 && mostShare <= 1)) {
      throw new InvalidConfigError("ImageFiles", "damagedShare", "a number in [0, 1]", mostShare);
    }
    this.#size = size;
    this.#mostShare = mostShare;
    for (const { path, reason } of foreign) this.#reasons.set(path, reason);
  }

  get list(): SkippedFile[] {
    return Array.from(this.#reasons, ([path, reason]) => ({ path, reason }));
  }

  /** Whether a file was found damaged before, so that nobody reads it in every epoch again. */
  isDamaged(path: string): boolean {
    return this.#damaged.has(path) && !this.#absent.has(path);
  }

  /** Notes that a file is read: one that was absent is back. */
  found(path: string): void {
    if (!this.#absent.delete(path)) return;
    this.#damaged.delete(path);
    this.#reasons.delete(path);
  }

  /**
   * Notes a file that cannot be read as a picture.
   *
   * @throws {FormatError} too many are damaged; the message names the first.
   * @throws what it was given, where that is not about the file.
   */
  add(path: string, error: unknown): void {
    if (!(error instanceof FeaturemapError)) throw error;
    if (isAbsence(error)) this.#absent.add(path);
    else if (error.code === "INVALID_FORMAT") this.#absent.delete(path);
    else throw error;
    this.#damaged.add(path);
    this.#reasons.set(path, error.message);
    const count = this.#damaged.size;
    if (count <= this.#mostShare * this.#size) return;
    const first = [...this.#damaged].slice(0, mostNamed);
    const named = first.map((each) => this.#reasons.get(each)?.replace(/\.$/, ""));
    const more = count > mostNamed ? `, and ${count - mostNamed} more` : "";
    const expected = `pictures, except for ${this.#mostShare * 100} % (damagedShare)`;
    throw new FormatError(
      "ImageFiles",
      "the files",
      expected,
      `${count} of ${this.#size} that are not: ${named.join("; ")}${more}`,
    );
  }
}

/** Whether a file cannot be read for reasons of its own; a cache that cannot be written, or too many open files, are none. */
function isAbsence(error: FeaturemapError): boolean {
  if (error.code !== "UNAVAILABLE" || error instanceof CacheError) return false;
  const { cause } = error;
  // It is there, but a folder, a pipe, or something that changes while it is read.
  if (cause === undefined) return true;
  const { code } = cause as { readonly code?: unknown };
  return ownReasons.has(code);
}
