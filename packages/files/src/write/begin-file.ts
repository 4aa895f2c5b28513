import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { NotReadyError } from "@featuremap/tensor";
import { checkContents, checkPath } from "../check-arguments.ts";
import { makeFolder, removeMade } from "./make-folder.ts";
import { type Temporary, flushFolder, removeAbandoned, removeQuietly, takeTemporary } from "./replace-file.ts";
import { attempt } from "../system-error.ts";
import { placeOf } from "./write-file.ts";
import { flushFile } from "./flush-file.ts";

/** A file that is written piece by piece, and is there once it is whole. */
export interface BegunFile {
  /**
   * Writes at its end; pieces follow each other as they were given.
   *
   * @throws {InvalidConfigError} the contents are neither text nor bytes. @throws {UnavailableError} the system refuses.
   * @throws {NotReadyError} it is finished or discarded.
   */
  write(contents: Uint8Array | string): Promise<void>;
  /**
   * Puts it in its place, and an older one goes; it is on the disk when this returns.
   *
   * @throws {UnavailableError} the system refuses. @throws {NotReadyError} it is finished or discarded.
   */
  finish(): Promise<void>;
  /** Takes back what was written, once that is done; of a file that is finished nothing. */
  discard(): Promise<void>;
}

const owner = "beginFileWhole";

/** Bytes that are gathered before they are written. */
const gatheredAtMost = 2 ** 16;

/**
 * Begins a file of any length: whoever looks, and whatever crashes, finds the old one or the new one, never a part.
 *
 * Its folder is made if missing; a link stays, and what it leads to is written. In the end it is finished or discarded.
 *
 * @throws {InvalidConfigError} the path is not a text.
 * @throws {UnavailableError} the system refuses, or the path is that of a folder or device; nothing is left then.
 */
export async function beginFileWhole(path: string): Promise<BegunFile> {
  checkPath(owner, "path", path);
  return attempt("write", path, async () => {
    const target = await placeOf(path);
    const folder = dirname(target);
    const made: string[] = [];
    await makeFolder(folder, made);
    await removeAbandoned(folder);
    const temporary = await takeTemporary(folder);
    const takeBack = async (): Promise<void> => {
      await removeQuietly(temporary.path);
      temporary.release();
      await removeMade(made);
    };
    try {
      const file = await open(temporary.path, "wx");
      return new TemporaryFile({ path, target, temporary, file, takeBack });
    } catch (error) {
      await takeBack();
      throw error;
    }
  });
}

interface Begun {
  /** As it was asked for. */
  readonly path: string;
  /** Where it goes in the end. */
  readonly target: string;
  readonly temporary: Temporary;
  readonly file: FileHandle;
  readonly takeBack: () => Promise<void>;
}

class TemporaryFile implements BegunFile {
  readonly #begun: Begun;
  #gathered: Uint8Array[] = [];
  #length = 0;
  #state: "open" | "finished" | "discarded" = "open";
  /** What is done to the file, one thing after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(begun: Begun) {
    this.#begun = begun;
  }

  async write(contents: Uint8Array | string): Promise<void> {
    const bytes = checkContents(owner, contents);
    this.#requireOpen();
    // The caller may fill the same array again.
    this.#gathered.push(typeof contents === "string" ? bytes : bytes.slice());
    this.#length += bytes.length;
    if (this.#length >= gatheredAtMost) await this.#next(() => this.#flush());
  }

  async finish(): Promise<void> {
    this.#requireOpen();
    this.#state = "finished";
    const { file, target, temporary } = this.#begun;
    try {
      await this.#next(async () => {
        await this.#flush();
        await flushFile(file);
        await file.close();
        await rename(temporary.path, target);
      });
    } catch (error) {
      this.#state = "open";
      throw error;
    }
    temporary.release();
    await attempt("write", this.#begun.path, () => flushFolder(dirname(target)));
  }

  async discard(): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "discarded";
    await this.#last.catch(() => {});
    await this.#begun.file.close().catch(() => {});
    await this.#begun.takeBack();
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(() => attempt("write", this.#begun.path, work));
    this.#last = done;
    return done;
  }

  async #flush(): Promise<void> {
    const gathered = this.#gathered;
    this.#gathered = [];
    this.#length = 0;
    await this.#begun.file.writeFile(Buffer.concat(gathered));
  }

  #requireOpen(): void {
    if (this.#state === "open") return;
    throw new NotReadyError(owner, `${this.#begun.path} is ${this.#state}`, "Begin another file.");
  }
}
