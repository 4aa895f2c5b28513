import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { firstPass, requireIndices } from "../classes.ts";
import type { Elements } from "../elements.ts";
import { indexed } from "../indexed.ts";
import { LazyStore, checkStoreOptions, usualMemory } from "../packed/lazy-store.ts";

/** How `Dataset.cache` keeps elements on the disk. */
export interface CacheOptions {
  /** A folder for these elements alone; it is made if missing. */
  readonly directory: string;
  /**
   * What tells these elements from others: the data set, its version and what its steps do to it. Elements kept under another
   * key are made anew.
   */
  readonly key: string;
  /** Bytes that may stay in memory: if all elements fit, they do. Default: 2^28. */
  readonly memory?: number;
}

const names: OptionNames<CacheOptions> = { directory: true, key: true, memory: true };
const step = "Dataset.cache";

/** Elements are made once, as in epoch 0, and kept in files. */
export function cacheOnDisk<T>(elements: Elements<T>, options: CacheOptions): Elements<T> {
  checkOptions(step, options, names);
  checkStoreOptions(step, options);
  const { directory, key, memory = usualMemory } = options;
  if (typeof key !== "string" || key === "") {
    throw new InvalidConfigError(step, "key", "a string that distinguishes these elements from others", key);
  }
  const upstream = requireIndices(step, elements);
  const { name, size, concurrency } = upstream;
  const store = new LazyStore({ directory, key: `${name}; ${key}`, size, memory });
  return indexed(`${name}.cache`, size, concurrency, (index, { signal }) =>
    store.get(index, "", signal, () => upstream.at(index, firstPass)),
  );
}
