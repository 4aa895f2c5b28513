import { FormatError, InvalidConfigError, type OptionNames, checkOptions, describeValue } from "@featuremap/tensor";
import { checkCount } from "./check.ts";
import { attemptElement } from "./element-error.ts";
import { type Elements, type IndexedElements, type Pass, type Run, type State, countOf, done } from "./elements.ts";
import { indexed } from "./indexed.ts";
import { copyElement } from "./steps/copy-element.ts";

/** Elements that can be had one by one. */
export interface IndexedSource<T> {
  readonly size: number;
  /** The element at an index in [0, size). */
  at(index: number, pass: Pass): T | Promise<T>;
}

type AnyIterable<T> = Iterable<T | Promise<T>> | AsyncIterable<T>;

/** What a dataset can be made of. */
export type DatasetSource<T> =
  | ArrayLike<T>
  | IndexedSource<T>
  | AnyIterable<T>
  | ((epoch: number) => AnyIterable<T> | Promise<AnyIterable<T>>);

/** How `Dataset.from` reads. */
export interface SourceOptions {
  /** Elements in an epoch, where an iterable does not tell; it is held to it. */
  readonly size?: number;
}

const names: OptionNames<SourceOptions> = { size: true };
const step = "Dataset.from";

export function elementsFrom<T>(source: DatasetSource<T>, options: SourceOptions): Elements<T> {
  checkOptions(step, options, names);
  const { size } = options;
  if (size !== undefined) checkCount(step, "size", size, 0);
  if (isList(source)) {
    checkSameSize(source.length, size);
    const list = Array.isArray(source) ? ([...source] as readonly T[]) : source;
    return indexed(`from(${list.length})`, list.length, 1, (index) => copyElement(list[index] as T));
  }
  if (isIndexedSource(source)) {
    checkSameSize(source.size, size);
    return indexedSource(source);
  }
  if (typeof source !== "function" && !isIterable(source)) {
    const expected = "a list, an iterable, a function that returns one, or an object with size and at";
    throw new InvalidConfigError(step, "source", expected, source);
  }
  if (isOnce(source)) {
    const expected = "an iterable that can be read in every epoch (give a function that returns it)";
    throw new InvalidConfigError(step, "source", expected, source);
  }
  // what is neither a list nor has indices is an iterable by now
  const make = typeof source === "function" ? source : () => source as AnyIterable<T>;
  return {
    name: `from(${size ?? "an iterable"})`,
    size,
    open: (pass, state) => readIterable(() => make(pass.epoch), size, state),
  };
}

function indexedSource<T>(source: IndexedSource<T>): IndexedElements<T> {
  const { size } = source;
  if (size !== Number.POSITIVE_INFINITY) checkCount(step, "size", size, 0);
  return indexed(`from(${size})`, size, 1, (index, pass) =>
    attemptElement(step, index, undefined, () => source.at(index, pass)),
  );
}

function readIterable<T>(
  make: () => AnyIterable<T> | Promise<AnyIterable<T>>,
  size: number | undefined,
  state: State | undefined,
): Run<T> {
  const start = state === undefined ? 0 : countOf(state, size);
  let index = start;
  let toSkip = start;
  let iterator: Iterator<T | Promise<T>> | AsyncIterator<T> | undefined;
  let isClosed = false;
  const read = async (place: number): Promise<IteratorResult<T, undefined>> => {
    const result = await attemptElement<IteratorResult<T, undefined>>(step, place, undefined, async () => {
      iterator ??= iteratorOf(await make());
      const taken = await iterator.next();
      return taken.done === true ? done : { done: false, value: await taken.value };
    });
    if (size !== undefined && (result.done ? place < size : place >= size)) {
      throw new FormatError(step, "elements", `${size}, as given by size`, result.done ? `${place}` : "more");
    }
    return result;
  };
  return {
    async next() {
      for (; toSkip > 0; toSkip--) {
        if (isClosed || (await read(start - toSkip)).done) return done;
      }
      if (isClosed) return done;
      const result = await read(index);
      if (result.done) isClosed = true;
      else index++;
      return result;
    },
    save: () => index,
    async close() {
      isClosed = true;
      const last = iterator;
      iterator = undefined;
      await last?.return?.();
    },
  };
}

function iteratorOf<T>(iterable: AnyIterable<T>): Iterator<T | Promise<T>> | AsyncIterator<T> {
  if (!isIterable(iterable)) {
    throw new InvalidConfigError(step, "source", "a function that returns an iterable", describeValue(iterable));
  }
  return Symbol.asyncIterator in iterable
    ? (iterable as AsyncIterable<T>)[Symbol.asyncIterator]()
    : (iterable as Iterable<T>)[Symbol.iterator]();
}

function isList(source: unknown): source is ArrayLike<unknown> & object {
  return Array.isArray(source) || (ArrayBuffer.isView(source) && !(source instanceof DataView));
}

function isIndexedSource(source: unknown): source is IndexedSource<never> {
  return typeof source === "object" && source !== null && !isIterable(source) && "size" in source && isReadable(source);
}

function isReadable(source: object): boolean {
  return "at" in source && typeof source.at === "function";
}

function isIterable(source: unknown): source is object {
  if (typeof source !== "object" || source === null) return false;
  const { [Symbol.iterator]: each, [Symbol.asyncIterator]: eachLater } = source as Partial<
    Iterable<unknown> & AsyncIterable<unknown>
  >;
  return typeof each === "function" || typeof eachLater === "function";
}

/** Iterators give themselves as their iterator: after one epoch they are used up. */
function isOnce(source: unknown): boolean {
  return isIterable(source) && typeof (source as Partial<Iterator<unknown>>).next === "function";
}

function checkSameSize(found: number, size: number | undefined): void {
  if (size === undefined || size === found) return;
  throw new InvalidConfigError(step, "size", `${found}, the number of elements`, size);
}
