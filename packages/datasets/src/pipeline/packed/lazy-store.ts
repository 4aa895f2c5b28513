import { InvalidConfigError } from "@featuremap/tensor";
import { onAbort } from "../../workers/on-abort.ts";
import { WorkerError } from "../../workers/worker-error.ts";
import { faultOf, isDamage } from "../damage.ts";
import { checkCount } from "../check.ts";
import { CacheError } from "./cache-error.ts";
import { decodeElement } from "./encode-element.ts";
import { type PackedPlace, PackedStore, type StoreOptions } from "./packed-store.ts";

/** What is kept of an element: itself, or why there is none. */
type Kept =
  | { readonly element: unknown }
  | { readonly fault: { readonly name: string; readonly code: string; readonly message: string } };

/** Bytes of packs that stay in memory, unless others are named. */
export const usualMemory: number = 2 ** 28;

/** @throws {InvalidConfigError} an option is not what it may be. */
export function checkStoreOptions(owner: string, { directory, memory = usualMemory }: Partial<StoreOptions>): void {
  if (typeof directory !== "string" || directory === "") {
    throw new InvalidConfigError(owner, "directory", "the path of a folder", directory);
  }
  checkCount(owner, "memory", memory, 0);
}

/** Opens a store when it is first needed, and makes what is not in it. */
export class LazyStore {
  readonly #options: StoreOptions;
  readonly #onFailure: ((failure: CacheError) => void) | undefined;
  readonly #making = new Map<number, Promise<unknown>>();
  readonly #users = new WeakSet<AbortSignal>();
  #store: Promise<PackedStore> | undefined;
  #opened: PackedStore | undefined;
  /** Why what waited could not be written when its user was done. */
  #failure: unknown;
  /** From then on it is read only. */
  #isGivenUp = false;

  /**
   * @param onFailure hears once why the folder cannot be used: what is in it is read, what is not is made each time it is
   *   wanted. Without it, getting an element fails.
   */
  constructor(options: StoreOptions, onFailure?: (failure: CacheError) => void) {
    this.#options = options;
    this.#onFailure = onFailure;
  }

  /**
   * An element, from the store or made now; also that it is damaged is kept. It is the caller's own, to write to.
   *
   * @param signal raised when its user is done: what waits is written then
   * @param origin what it is made from
   * @throws {CacheError} the folder cannot be used, and nobody hears of it.
   */
  get<T>(index: number, origin: string, signal: AbortSignal, make: () => T | Promise<T>): Promise<T> {
    if (!this.#users.has(signal)) {
      this.#users.add(signal);
      onAbort(signal, () => void this.#release().catch((error: unknown) => this.#noteFailure(error)));
    }
    const making = this.#making.get(index);
    if (making !== undefined) return making.then(() => this.get(index, origin, signal, make));
    const made = this.#get(index, origin, make).finally(() => this.#making.delete(index));
    this.#making.set(index, made);
    return made;
  }

  /** An element that is in memory, as it lies there, without waiting; undefined where it takes {@link get}. @throws {WorkerError} it is damaged. */
  peek(index: number, origin: string): unknown {
    const found = this.#making.has(index) ? undefined : (this.#opened?.peek(index, origin) as Kept | undefined);
    return found === undefined ? undefined : elementOf(found);
  }

  /** Where an element lies on the disk; undefined where it is not yet there, or no folder could be opened: {@link get} says why. */
  async locate(index: number, origin: string): Promise<PackedPlace | undefined> {
    const store = await this.#store?.catch(() => undefined);
    return store?.locate(index, origin);
  }

  /** The same, without waiting; undefined also where the store was not opened yet. */
  locateNow(index: number, origin: string): PackedPlace | undefined {
    return this.#opened?.locate(index, origin);
  }

  /** Whether an element is on the disk. @throws {CacheError} the folder cannot be used. */
  async has(index: number, origin: string): Promise<boolean> {
    const store = await this.#attempt(() => this.#open());
    return store?.locate(index, origin) !== undefined;
  }

  /** Writes what waits. @throws {CacheError} the folder cannot be written. */
  async flush(): Promise<void> {
    await this.#attempt(() => this.#release());
  }

  async #get<T>(index: number, origin: string, make: () => T | Promise<T>): Promise<T> {
    const store = await this.#attempt(() => this.#open());
    this.#opened = store;
    const found = (await store?.get(index, origin)) as Kept | undefined;
    if (found !== undefined) return elementOf(found) as T;
    const keep = async (kept: Kept): Promise<void> => {
      if (!this.#isGivenUp) await this.#attempt(async () => store?.put(index, origin, kept));
    };
    let element: T;
    try {
      element = await make();
    } catch (error) {
      if (isDamage(error)) await keep({ fault: faultOf(error) });
      throw error;
    }
    await keep({ element });
    return element;
  }

  async #open(): Promise<PackedStore | undefined> {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
    if (this.#isGivenUp) return this.#store;
    return (this.#store ??= PackedStore.open(this.#options).catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    }));
  }

  /** What the folder does not do is not the fault of an element, whose errors are told apart by this. */
  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof InvalidConfigError) throw error;
      const failure = new CacheError(this.#options.directory, error);
      if (this.#onFailure === undefined) throw failure;
      this.#giveUp(failure);
      return undefined;
    }
  }

  #noteFailure(error: unknown): void {
    if (this.#onFailure === undefined) this.#failure = error;
    else this.#giveUp(new CacheError(this.#options.directory, error));
  }

  #giveUp(failure: CacheError): void {
    if (!this.#isGivenUp) this.#onFailure?.(failure);
    this.#isGivenUp = true;
  }

  async #release(): Promise<void> {
    // What is being made has cost its work already.
    await Promise.allSettled(this.#making.values());
    await (await this.#store)?.flush();
  }
}

/**
 * What lies at a place of a store.
 *
 * @param place of which element it must be
 * @throws {WorkerError} it could not be made.
 * @throws {CacheError} the bytes are not those that were kept.
 */
export function keptElement(source: string, place: number, read: () => Uint8Array<ArrayBuffer>): unknown {
  let kept: Kept;
  try {
    kept = decodeElement(source, read(), place) as Kept;
  } catch (error) {
    throw new CacheError(source, error);
  }
  return elementOf(kept);
}

function elementOf(kept: Kept): unknown {
  if ("fault" in kept) throw new WorkerError(kept.fault);
  return kept.element;
}
