import { canShareMemory, startThread } from "#threads";
import type { Pixels } from "@featuremap/images";
import { AbortedError, UnavailableError } from "@featuremap/tensor";
import type { ImageRecipe, ImageTask } from "./image-recipe.ts";
import type { NumberedTask, Outcome, RecipeOrder } from "./messages.ts";
import { onAbort } from "./on-abort.ts";
import type { Thread } from "./thread.ts";
import { WorkerError } from "./worker-error.ts";

/** Tasks that a worker has at once: while this thread is busy it goes on. */
const depth = 4;

/** Bytes of a picture that has a place in shared memory; a larger one is handed over. */
const largestSlot = 2 ** 22;

interface Waiting {
  readonly task: NumberedTask;
  readonly resolve: (pixels: Pixels) => void;
  readonly reject: (error: unknown) => void;
}

/** A worker's seat: the thread in it may be replaced. */
interface Seat {
  thread: Thread | undefined;
  /** Recipes that the thread has been told. */
  readonly told: Set<number>;
  readonly free: number[];
  readonly underWay: Map<number, Waiting>;
}

/** Hands tasks to workers, no more than they have places; what comes first is begun first. */
export class TaskQueue {
  readonly places: number;
  readonly #seats: readonly Seat[];
  readonly #recipes: RecipeOrder[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #startThread: typeof startThread;
  #ids = 0;
  #isDispatching = false;
  #closed: Error | undefined;

  /** @param start of threads; tests have their own */
  constructor(workers: number, start: typeof startThread = startThread) {
    this.#startThread = start;
    this.places = workers * depth;
    this.#seats = Array.from({ length: workers }, (_, seat) => ({
      thread: undefined,
      told: new Set<number>(),
      free: Array.from({ length: depth }, (__, place) => seat * depth + place),
      underWay: new Map<number, Waiting>(),
    }));
  }

  /** @returns its number */
  addRecipe(what: ImageRecipe): number {
    const channels = { grayscale: 1, rgb: 3, rgba: 4 }[what.decode?.colorMode ?? "rgb"];
    const slotBytes = what.size === undefined ? 0 : what.size[0] * what.size[1] * channels;
    const isShared = canShareMemory && slotBytes > 0 && slotBytes <= largestSlot;
    const ring = isShared ? new SharedArrayBuffer(slotBytes * this.places) : undefined;
    return this.#recipes.push({ kind: "recipe", recipe: this.#recipes.length, what, ring, slotBytes }) - 1;
  }

  /**
   * @throws {WorkerError} the work failed.
   * @throws {UnavailableError} the worker has ended.
   * @throws {AbortedError} the signal was raised before the task had begun.
   */
  run(recipe: number, task: ImageTask, signal: AbortSignal): Promise<Pixels> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) {
        reject(this.#closed);
        return;
      }
      const stopped = (): AbortedError =>
        new AbortedError(`Reading ${task.name} was stopped.`, { cause: signal.reason });
      if (signal.aborted) {
        reject(stopped());
        return;
      }
      const forget = onAbort(signal, () => {
        const place = this.#waiting.indexOf(waiting);
        if (place >= 0) this.#waiting.splice(place, 1);
        waiting.reject(stopped());
      });
      const waiting: Waiting = {
        task: { id: this.#ids++, recipe, slot: -1, task },
        resolve(pixels) {
          forget();
          resolve(pixels);
        },
        reject(error) {
          forget();
          reject(error);
        },
      };
      this.#waiting.push(waiting);
      this.#dispatchSoon();
    });
  }

  async close(reason: Error): Promise<void> {
    this.#closed ??= reason;
    const lost = [...this.#waiting, ...this.#seats.flatMap(({ underWay }) => [...underWay.values()])];
    this.#waiting.length = 0;
    for (const seat of this.#seats) seat.underWay.clear();
    for (const { reject } of lost) reject(reason);
    const threads = this.#seats.map((seat) => seat.thread);
    for (const seat of this.#seats) seat.thread = undefined;
    await Promise.all(threads.map(async (thread) => thread?.terminate()));
  }

  /** Tasks that come at the same time go in one message. */
  #dispatchSoon(): void {
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    queueMicrotask(() => {
      this.#isDispatching = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    const orders = new Map<Seat, NumberedTask[]>();
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const seat = this.#seats.reduce((best, each) => (each.free.length > best.free.length ? each : best));
      const slot = seat.free.pop();
      if (slot === undefined) break;
      this.#waiting.shift();
      const task = { ...next.task, slot };
      seat.underWay.set(task.id, { ...next, task });
      const order = orders.get(seat);
      if (order === undefined) orders.set(seat, [task]);
      else order.push(task);
    }
    for (const [seat, tasks] of orders) this.#post(seat, tasks);
  }

  #post(seat: Seat, tasks: readonly NumberedTask[]): void {
    try {
      const thread = (seat.thread ??= this.#start(seat));
      for (const recipe of new Set(tasks.map((task) => task.recipe))) {
        const order = this.#recipes[recipe];
        if (order !== undefined && !seat.told.has(recipe)) thread.post(order);
        seat.told.add(recipe);
      }
      thread.keepAlive(true);
      thread.post({ kind: "tasks", tasks });
    } catch (error) {
      this.#lose(seat, error);
    }
  }

  #start(seat: Seat): Thread {
    seat.told.clear();
    const thread: Thread = this.#startThread({
      onOutcomes: (outcomes) => this.#take(seat, outcomes),
      onEnd: (reason) => {
        if (seat.thread === thread) this.#lose(seat, reason);
      },
    });
    return thread;
  }

  #take(seat: Seat, outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      const waiting = seat.underWay.get(outcome.id);
      if (waiting === undefined) continue;
      seat.underWay.delete(outcome.id);
      const { slot, recipe } = waiting.task;
      if ("fault" in outcome) waiting.reject(new WorkerError(outcome.fault));
      else {
        const { width, height, data } = outcome;
        waiting.resolve({ width, height, data: data ?? this.#copyOf(recipe, slot) });
      }
      seat.free.push(slot);
    }
    if (seat.underWay.size === 0) seat.thread?.keepAlive(false);
    this.#dispatchSoon();
  }

  #copyOf(recipe: number, slot: number): Uint8Array {
    const { ring, slotBytes = 0 } = this.#recipes[recipe] ?? {};
    return ring === undefined ? new Uint8Array(0) : new Uint8Array(ring, slot * slotBytes, slotBytes).slice();
  }

  /** The next task gets another thread: one file must not end all work. */
  #lose(seat: Seat, reason: unknown): void {
    const { thread } = seat;
    seat.thread = undefined;
    const lost = [...seat.underWay.values()];
    seat.underWay.clear();
    for (const { task, reject } of lost) {
      seat.free.push(task.slot);
      const what = `${task.task.name}: the worker that read it has ended: ${reason instanceof Error ? reason.message : String(reason)}`;
      reject(new UnavailableError(what, "Leave the file out, or read with 0 workers.", { cause: reason }));
    }
    void thread?.terminate().catch(() => {});
    this.#dispatchSoon();
  }
}
