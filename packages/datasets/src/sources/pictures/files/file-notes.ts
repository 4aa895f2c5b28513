import type { DecodeNote } from "@featuremap/images";

/** What pictures of one kind do not show of their files. */
export interface FileNote {
  readonly code: DecodeNote["code"];
  /** The files' format, such as `GIF`. */
  readonly kind: DecodeNote["kind"];
  /** Files that were met so far. */
  readonly count: number;
  readonly message: string;
}

/** Counts files of which decoding has something to say, once for each kind and not for each file. */
export class FileNotes {
  readonly #paths = new Map<DecodeNote["kind"], Set<string>>();

  /** Notes what decoding a file said; the same file again is not another. */
  add(path: string, { kind }: DecodeNote): void {
    const known = this.#paths.get(kind);
    if (known === undefined) this.#paths.set(kind, new Set([path]));
    else known.add(path);
  }

  get list(): FileNote[] {
    return Array.from(this.#paths, ([kind, paths]) => {
      const [first = ""] = paths;
      const part = kind === "TIFF" ? "page" : "frame";
      const files =
        paths.size === 1 ? `one ${kind} file is used: ${first}` : `${paths.size} ${kind} files is used: ${first}, ...`;
      return { code: "FIRST_FRAME", kind, count: paths.size, message: `Only the first ${part} of ${files}` };
    });
  }
}
