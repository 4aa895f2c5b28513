import { originOf } from "#pack-folder";
import type { Pixels } from "@featuremap/images";
import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { requireIndices } from "../pipeline/classes.ts";
import { Dataset, elementsOf } from "../pipeline/dataset.ts";
import { attemptElement } from "../pipeline/element-error.ts";
import type { Pass } from "../pipeline/elements.ts";
import { indexed } from "../pipeline/indexed.ts";
import { LazyStore, checkStoreOptions, usualMemory } from "../pipeline/packed/lazy-store.ts";
import { contextOf } from "../pipeline/steps/context.ts";
import { type ImageRecipe, checkRecipe } from "./image-recipe.ts";
import { ImageWorkers, type Loaded } from "./image-workers.ts";
import { type LoadableExample, checkExample } from "./picture-source.ts";

/** How {@link decodeOnce} keeps pictures. */
export interface DecodeOnceOptions extends ImageRecipe {
  /** A folder for these pictures alone, made if missing; false: nothing is kept, every epoch decodes. */
  readonly directory: string | false;
  /**
   * What tells these pictures from others: the data set, and its version. Needed where they are not files on the disk, but pixels,
   * or what `contents` gives.
   */
  readonly key?: string;
  /** Bytes that may stay in memory: if all pictures fit, they do. Default: 2^28. */
  readonly memory?: number;
}

const names: OptionNames<DecodeOnceOptions> = {
  decode: true,
  operations: true,
  size: true,
  directory: true,
  key: true,
  memory: true,
};
const step = "decodeOnce";

/**
 * The pictures of files, decoded in the first epoch and kept as bytes: later epochs, and later runs, decode nothing.
 *
 * A file on the disk that has changed is decoded anew, and all are where the recipe or the key changes. What is random comes
 * after it: `decodeOnce(files, workers, { size, directory }).shuffle({ seed }).map(workers.load({ operations }), { seed })`.
 *
 * @throws {InvalidConfigError} elements have no indices, or an option is unknown or not what it may be; going through the
 *   pictures also throws it where these need a key.
 */
export function decodeOnce<Example extends LoadableExample>(
  files: Dataset<Example>,
  workers: ImageWorkers,
  options: DecodeOnceOptions,
): Dataset<Loaded<Example>> {
  if (!(files instanceof Dataset)) throw new InvalidConfigError(step, "files", "a Dataset", files);
  if (!(workers instanceof ImageWorkers)) throw new InvalidConfigError(step, "workers", "ImageWorkers", workers);
  checkOptions(step, options, names);
  const { directory, key, memory = usualMemory, ...rest } = options;
  if (key !== undefined && (typeof key !== "string" || key === "")) {
    throw new InvalidConfigError(step, "key", "a string that distinguishes these pictures from others", key);
  }
  const recipe = checkRecipe(step, rest);
  const upstream = requireIndices(step, elementsOf(files));
  const { size } = upstream;
  const load = workers.load<Example>(recipe);
  const decode = async (example: Example, index: number, pass: Pass): Promise<Pixels> => {
    return (await load(example, contextOf(step, undefined, index, pass))).image;
  };
  if (directory !== false) checkStoreOptions(step, { directory, memory });
  const store =
    directory === false ? undefined : new LazyStore({ directory, key: JSON.stringify({ recipe, key }), size, memory });
  const read = (example: Example, index: number, pass: Pass, origin: string | undefined): Promise<Pixels> => {
    // Without an origin there is no such file, as decoding will say.
    if (store === undefined || origin === undefined) return decode(example, index, pass);
    // Others may wait for the same picture: nobody's leaving stops it.
    const lasting = { ...pass, signal: new AbortController().signal };
    return store.get(index, origin, pass.signal, () => decode(example, index, lasting));
  };
  const depth = Math.max(upstream.concurrency, workers.concurrency);
  const name = `${upstream.name}.decodeOnce(${JSON.stringify(recipe)})`;
  return new Dataset(
    indexed(name, size, depth, async (index, pass) => {
      const example = await upstream.at(index, pass);
      checkExample(step, example);
      const { contents: _contents, file: _file, image: _image, packed: _packed, ...labels } = example;
      const origin = store === undefined ? undefined : await originOfExample(example, key);
      const image = await attemptElement(step, index, example, () => read(example, index, pass, origin));
      return { ...labels, image };
    }),
  );
}

/** What a picture is made from: a file as it is now, where it is read from the disk; else its name, which a key makes the caller's. */
async function originOfExample(
  { image, packed, file, path, contents }: LoadableExample,
  key: string | undefined,
): Promise<string | undefined> {
  const isFile = image === undefined && packed === undefined && (file !== undefined || contents === undefined);
  const read = file ?? path;
  if (isFile) return read === undefined ? undefined : originOf(read);
  if (key !== undefined) return (read === undefined ? undefined : await originOf(read)) ?? read ?? "";
  const expected = "given if pictures are not files on the disk: a string that distinguishes them from others";
  throw new InvalidConfigError(step, "key", expected, key);
}
