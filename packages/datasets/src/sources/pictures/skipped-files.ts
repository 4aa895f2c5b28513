import { FeaturemapError, FormatError, InvalidConfigError } from "@featuremap/tensor";

/** A file that is not used, and why. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

/** Files that an error names. */
const mostNamed = 3;

/** Counts files that are no pictures or damaged, each once, and stops where they are too many. */
export class SkippedFiles {
  readonly #reasons = new Map<string, string>();
  readonly #size: number;
  readonly #mostShare: number;
  #damaged = 0;

  /**
   * @param size files in all
   * @param foreign those that were left out from the beginning
   * @throws {InvalidConfigError} the share is no number in [0, 1].
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
    return this.#damaged > 0 && this.#reasons.has(path);
  }

  /**
   * Notes a file that cannot be read as a picture.
   *
   * @throws {FormatError} too many are damaged; the message names the first.
   * @throws what it was given, where that is not about the file.
   */
  add(path: string, error: unknown): void {
    const isOfFile = error instanceof FeaturemapError && ["INVALID_FORMAT", "UNAVAILABLE"].includes(error.code);
    if (!isOfFile) throw error;
    if (!this.#reasons.has(path)) this.#damaged += 1;
    this.#reasons.set(path, error.message);
    if (this.#damaged <= this.#mostShare * this.#size) return;
    const damaged = this.list.slice(-this.#damaged);
    const named = damaged.slice(0, mostNamed).map(({ reason }) => reason.replace(/\.$/, ""));
    const more = this.#damaged > mostNamed ? `, and ${this.#damaged - mostNamed} more` : "";
    const expected = `pictures, but for ${this.#mostShare * 100} % (damagedShare)`;
    throw new FormatError(
      "ImageFiles",
      "the files",
      expected,
      `${this.#damaged} of ${this.#size} that are none: ${named.join("; ")}${more}`,
    );
  }
}
