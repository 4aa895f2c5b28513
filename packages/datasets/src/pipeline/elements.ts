import { FormatError, describeValue } from "@featuremap/tensor";

/** Plain JSON from which a step goes on where it stood. */
export type State = null | number | string | boolean | readonly State[] | { readonly [name: string]: State };

/** One way through the elements. */
export interface Pass {
  /** Counted from 0; it decides orders and random draws. */
  readonly epoch: number;
  /** Raised when nobody wants the elements any more. */
  readonly signal: AbortSignal;
}

/** Elements on their way. Whoever has it asks for one after the other, and closes it in the end. */
export interface Run<T> {
  readonly next: () => Promise<IteratorResult<T, undefined>>;
  /** Where to go on after the element that came last; called while no `next` is under way. */
  readonly save: () => State;
  /** Releases everything; a second call does nothing. */
  readonly close: () => Promise<void>;
}

/** What a step of a pipeline is to the next one. */
export interface Elements<T> {
  /** The steps so far, which a position must fit. */
  readonly name: string;
  /** Elements in an epoch: `Infinity` if they never end, undefined if nobody knows. */
  readonly size: number | undefined;
  /** @throws {FormatError} the state is not one that this step has saved. */
  readonly open: (pass: Pass, state: State | undefined) => Run<T>;
}

/** Elements that can be had one by one, so that any place in an epoch is reached without work. Their state is an index. */
export interface IndexedElements<T> extends Elements<T> {
  readonly size: number;
  /** Elements to work on at once. */
  readonly concurrency: number;
  readonly at: (index: number, pass: Pass) => T | Promise<T>;
}

export function isIndexed<T>(elements: Elements<T>): elements is IndexedElements<T> {
  return "at" in elements;
}

export const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A part of a saved state. @throws {FormatError} it is not there. */
export function partOf(state: State, name: string): State {
  const part = (state as Partial<Record<string, State>> | null)?.[name];
  if (part === undefined) throw badState(`with ${name}`, state);
  return part;
}

/** A count in a saved state. @throws {FormatError} it is none, or more than `most`. */
export function countOf(state: State, most: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof state === "number" && Number.isInteger(state) && state >= 0 && state <= most) return state;
  throw badState(`an integer in [0, ${most}]`, state);
}

/** A list in a saved state. @throws {FormatError} it is none, or of another length. */
export function listOf(state: State, length: number): readonly State[] {
  if (Array.isArray(state) && state.length === length) return state as readonly State[];
  throw badState(`a list of ${length}`, state);
}

function badState(expected: string, found: unknown): FormatError {
  return new FormatError("position of a Dataset", "state", expected, describeValue(found));
}
