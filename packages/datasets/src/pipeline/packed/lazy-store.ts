import { InvalidConfigError } from "@featuremap/tensor";
import { onAbort } from "../../workers/on-abort.ts";
import { WorkerError } from "../../workers/worker-error.ts";
import { faultOf, isDamage } from "../damage.ts";
import { checkCount } from "../check.ts";
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
  readonly #making = new Map<number, Promise<unknown>>();
  readonly #users = new WeakSet<AbortSignal>();
  #store: Promise<PackedStore> | undefined;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /**
   * An element, from the store or made now; also that it is damaged is kept.
   *
   * @param signal raised when its user is done: what waits is written then
   * @param origin what it is made from
   */
  get<T>(index: number, origin: string, signal: AbortSignal, make: () => T | Promise<T>): Promise<T> {
    if (!this.#users.has(signal)) {
      this.#users.add(signal);
      onAbort(signal, () => void this.#release().catch(() => {}));
    }
    const making = this.#making.get(index);
    // whoever asks for an index asks for the same kind of element
    if (making !== undefined) return making as Promise<T>;
    const made = this.#get(index, origin, make).finally(() => this.#making.delete(index));
    this.#making.set(index, made);
    return made;
  }

  /** Where an element lies on the disk; undefined where it is not yet there. */
  async locate(index: number, origin: string): Promise<PackedPlace | undefined> {
    return (await this.#store)?.locate(index, origin);
  }

  async #get<T>(index: number, origin: string, make: () => T | Promise<T>): Promise<T> {
    this.#store ??= PackedStore.open(this.#options).catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    });
    const store = await this.#store;
    const found = (await store.get(index, origin)) as Kept | undefined;
    if (found !== undefined) return elementOf(found) as T;
    try {
      const element = await make();
      await store.put(index, origin, { element } satisfies Kept);
      return element;
    } catch (error) {
      if (isDamage(error)) await store.put(index, origin, { fault: faultOf(error) } satisfies Kept);
      throw error;
    }
  }

  async #release(): Promise<void> {
    // What is being made has cost its work already.
    await Promise.allSettled(this.#making.values());
    await (await this.#store)?.flush();
  }
}

/** What lies at a place of a store. @throws {WorkerError} it could not be made. @throws {FormatError} nothing that was kept. */
export function keptElement(source: string, bytes: Uint8Array<ArrayBuffer>): unknown {
  return elementOf(decodeElement(source, bytes) as Kept);
}

function elementOf(kept: Kept): unknown {
  if ("fault" in kept) throw new WorkerError(kept.fault);
  return kept.element;
}
