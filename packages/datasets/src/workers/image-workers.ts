import { availableThreads } from "#threads";
import type { DecodeNote, Pixels } from "@featuremap/images";
import { InvalidConfigError, NotReadyError, checkOptions } from "@featuremap/tensor";
import type { ElementContext } from "../pipeline/steps/context.ts";
import { type ImageRecipe, type ImageTask, checkRecipe, compactSource } from "./image-recipe.ts";
import type { FilledGroup, PictureGroup } from "./picture-group.ts";
import { type LoadableExample, checkExample, sourceOf } from "./picture-source.ts";
import { usualDepth } from "./recipe-book.ts";
import { ownPixels, workOf } from "./run-recipe.ts";
import { TaskQueue } from "./task-queue.ts";

/** How many workers there are. */
export interface ImageWorkersOptions {
  /** Threads beside this one; 0: this thread does the work. Default: as many as the machine runs at once. */
  readonly workers?: number;
}

/** Who hears what of pictures. */
export interface LoadOptions {
  /** Called with what a picture does not show of its file, such as that only the first frame of an animation was taken. */
  readonly onNote?: ((note: DecodeNote, path: string) => void) | undefined;
}

/** An example with its picture. */
export type Loaded<Example> = Omit<Example, "contents" | "file" | "image" | "packed"> & { readonly image: Pixels };

type Run = (task: ImageTask, signal: AbortSignal, onNote?: (note: DecodeNote) => void) => Promise<Pixels>;

const owner = "ImageWorkers.load";

/** More than this many threads are a slip of the finger. */
const mostWorkers = 256;

/**
 * Threads that decode and change pictures.
 *
 * `dataset.map(workers.load({ ... }), { concurrency: workers.concurrency, seed })` brings a dataset's pictures through
 * them, in order. What is random is drawn from the element's own numbers: no count of workers changes a pixel.
 */
export class ImageWorkers {
  readonly #workers: number;
  readonly #queue: TaskQueue | undefined;
  #isClosed = false;

  /** @throws {InvalidConfigError} an option is unknown, or `workers` is not an integer in [0, 256]. */
  constructor(options: ImageWorkersOptions = {}) {
    checkOptions("ImageWorkers", options, { workers: true });
    const { workers = availableThreads() } = options;
    if (!(Number.isInteger(workers) && workers >= 0 && workers <= mostWorkers)) {
      throw new InvalidConfigError("ImageWorkers", "workers", `an integer in [0, ${mostWorkers}]`, workers);
    }
    this.#workers = workers;
    this.#queue = workers === 0 ? undefined : new TaskQueue(workers);
  }

  /** Pictures that are worth being worked on at once: enough that no worker waits for this thread. */
  get concurrency(): number {
    return this.#workers === 0 ? 1 : this.#workers * usualDepth;
  }

  /**
   * A function for `Dataset.map` that reads the pictures of examples and makes of them what a recipe tells.
   *
   * Its calls fail with an error that names the file: `INVALID_FORMAT` where it is damaged, `UNAVAILABLE` where it cannot
   * be read or its worker has ended, `ABORTED` where nobody wants it any more.
   *
   * @throws {InvalidConfigError} the recipe has an unknown option or operation, or a wrong one.
   */
  load<Example extends LoadableExample>(
    recipe: ImageRecipe = {},
    options: LoadOptions = {},
  ): (example: Example, context: ElementContext) => Promise<Loaded<Example>> {
    const checked = checkRecipe(owner, recipe);
    checkOptions(owner, options, { onNote: true });
    const { onNote } = options;
    if (onNote !== undefined && typeof onNote !== "function") {
      throw new InvalidConfigError(owner, "onNote", "a function", onNote);
    }
    const run = this.#runnerOf(checked);
    // Without operations nothing is drawn, and no seed is needed.
    const isRandom = (checked.operations ?? []).length > 0;
    return async (example, context) => {
      if (this.#isClosed) throw closed();
      checkExample(owner, example);
      const { contents: _contents, file: _file, image: _image, packed: _packed, ...rest } = example;
      const name = example.path ?? example.file ?? `picture ${context.index}`;
      const random = isRandom && context.isSeeded ? context.random.save() : undefined;
      const task = { name, source: await sourceOf(`${owner}: ${name}`, example), random };
      const image = await run(task, context.signal, onNote && ((note) => onNote(note, name)));
      return { ...rest, image };
    };
  }

  /**
   * A function that makes many pictures of a recipe together, at a message for all of them; undefined where this thread does
   * the work.
   *
   * @internal
   */
  fill(recipe: ImageRecipe): ((group: PictureGroup, signal: AbortSignal) => Promise<FilledGroup>) | undefined {
    const queue = this.#queue;
    if (queue === undefined) return undefined;
    const checked = checkRecipe(owner, recipe);
    return (group, signal) => queue.runGroup(checked, group, signal);
  }

  /** Threads beside this one. @internal */
  get count(): number {
    return this.#workers;
  }

  /** Ends the workers; what they still work on fails. A second call does nothing. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#queue?.close(closed());
  }

  #runnerOf(recipe: ImageRecipe): Run {
    if (this.#queue === undefined) {
      const work = workOf(recipe);
      return (task, signal, onNote) => work(task, ownPixels, signal, onNote);
    }
    const queue = this.#queue;
    return (task, signal, onNote) => queue.run(recipe, { ...task, source: compactSource(task.source) }, signal, onNote);
  }
}

function closed(): NotReadyError {
  return new NotReadyError("ImageWorkers", "they are closed", "Close them only once the dataset is no longer read.");
}
