import { FormatError, type RandomStream } from "@featuremap/tensor";
import { type Run, type State, countOf, done, partOf } from "../elements.ts";

/** What is shuffled. */
export interface Shuffled<T> {
  /** Elements of which the next one is drawn. */
  readonly buffer: number;
  readonly size: number | undefined;
  /** At the beginning of the epoch. */
  readonly random: RandomStream;
  readonly open: (from: State | undefined) => Run<T>;
}

/** An element in the buffer. */
interface Slot<T> {
  /** Elements read before it. */
  readonly ordinal: number;
  readonly element: T;
}

/** What an earlier run had in its buffer. */
interface Restored {
  readonly ordinals: readonly number[];
  /** What is to be read next. */
  readonly next: number;
}

/**
 * tf.data's buffered shuffle: the buffer is filled, one of its elements is drawn, the next one read takes its place.
 *
 * Which ordinal is drawn when follows from the seed alone. So the state is how many were drawn, and where to read again
 * what still lay in the buffer: from its oldest element on.
 */
export class ShuffledRun<T> implements Run<T> {
  readonly #buffer: number;
  readonly #random: RandomStream;
  readonly #upstream: Run<T>;
  readonly #slots: Slot<T>[] = [];
  /** Where to read each element of the buffer again, oldest first. */
  readonly #places = new Map<number, State>();
  #drawn = 0;
  #read = 0;
  #isOver = false;
  #saved: State | undefined;

  constructor({ buffer, size, random, open }: Shuffled<T>, state: State | undefined) {
    this.#buffer = buffer;
    this.#random = random;
    this.#saved = state;
    this.#upstream = open(state === undefined ? undefined : partOf(state, "from"));
    if (state === undefined) return;
    countOf(partOf(state, "drawn"), size);
    totalOf(state, size);
  }

  readonly next = async (): Promise<IteratorResult<T, undefined>> => {
    if (this.#saved !== undefined) await this.#restore(this.#saved);
    while (!this.#isOver && this.#slots.length < this.#buffer) await this.#fill();
    if (this.#slots.length === 0) return done;
    const { ordinal, element } = draw(this.#slots, this.#random);
    this.#places.delete(ordinal);
    this.#drawn++;
    return { done: false, value: element };
  };

  readonly save = (): State => {
    if (this.#saved !== undefined) return this.#saved;
    const [oldest] = this.#places.values();
    return {
      drawn: this.#drawn,
      total: this.#isOver ? this.#read : null,
      from: oldest ?? this.#upstream.save(),
    };
  };

  readonly close = async (): Promise<void> => {
    this.#isOver = true;
    this.#slots.length = 0;
    this.#places.clear();
    await this.#upstream.close();
  };

  async #fill(): Promise<void> {
    const ordinal = this.#read;
    const place = this.#upstream.save();
    const taken = await this.#upstream.next();
    // Closed meanwhile.
    if (this.#isOver) return;
    if (taken.done) {
      this.#isOver = true;
      return;
    }
    this.#places.set(ordinal, place);
    this.#slots.push({ ordinal, element: taken.value });
    this.#read++;
  }

  async #restore(state: State): Promise<void> {
    this.#drawn = countOf(partOf(state, "drawn"));
    const { ordinals, next } = replay(this.#random, this.#buffer, this.#drawn, totalOf(state));
    this.#read = ordinals.reduce((oldest, ordinal) => Math.min(oldest, ordinal), next);
    const wanted = new Set(ordinals);
    while (this.#read < next && !this.#isOver) {
      const ordinal = this.#read;
      await this.#fill();
      if (wanted.has(ordinal)) continue;
      this.#slots.pop();
      this.#places.delete(ordinal);
    }
    if (this.#read < next) {
      throw new FormatError("position of a Dataset", "elements", `at least ${next}`, `${this.#read}`);
    }
    const found = new Map(this.#slots.map((slot) => [slot.ordinal, slot]));
    // every ordinal was read just now
    for (const [place, ordinal] of ordinals.entries()) this.#slots[place] = found.get(ordinal) as Slot<T>;
    this.#saved = undefined;
  }
}

function totalOf(state: State, size?: number): number {
  const total = partOf(state, "total");
  return total === null ? Number.POSITIVE_INFINITY : countOf(total, size);
}

/** Takes one of the entries at random; the last one moves to its place. */
function draw<Entry>(entries: Entry[], random: RandomStream): Entry {
  const place = random.integer(entries.length);
  // `integer` stays below the length
  const drawn = entries[place] as Entry;
  const last = entries.pop() as Entry;
  if (place < entries.length) entries[place] = last;
  return drawn;
}

/** Draws again, ordinals instead of elements. */
function replay(random: RandomStream, buffer: number, drawn: number, total: number): Restored {
  const ordinals: number[] = [];
  let next = 0;
  for (let count = 0; count < drawn; count++) {
    while (next < total && ordinals.length < buffer) ordinals.push(next++);
    if (ordinals.length === 0) break;
    draw(ordinals, random);
  }
  return { ordinals, next };
}
