import { startThread } from "#threads";
import type { DecodeNote, Pixels } from "@featuremap/images";
import { AbortedError, UnavailableError } from "@featuremap/tensor";
import type { ImageRecipe, ImageTask } from "./image-recipe.ts";
import type { NumberedTask, Outcome, RecipeOrder } from "./messages.ts";
import { onAbort } from "./on-abort.ts";
import type { FilledGroup, PictureGroup } from "./picture-group.ts";
import { RecipeBook, deepest } from "./recipe-book.ts";
import type { Thread } from "./thread.ts";
import { WorkerError } from "./worker-error.ts";

interface Waiting {
  readonly recipe: ImageRecipe;
  readonly task: Omit<NumberedTask, "recipe" | "slot">;
  readonly onNote: ((note: DecodeNote) => void) | undefined;
  readonly resolve: (pixels: Pixels) => void;
  readonly reject: (error: unknown) => void;
}

/** Pictures that are made together. */
interface WaitingGroup {
  readonly recipe: ImageRecipe;
  readonly id: number;
  readonly group: PictureGroup;
  readonly resolve: (filled: FilledGroup) => void;
  readonly reject: (error: unknown) => void;
}

/** Groups that a worker has at once: one to work on, and the next. */
const groupsEach = 2;

/** A worker's seat: the thread in it may be replaced. */
interface Seat {
  readonly number: number;
  thread: Thread | undefined;
  /** Recipes that the thread has been told. */
  readonly told: Set<number>;
  /** Its places that hold no task. */
  readonly free: number[];
  readonly underWay: Map<number, UnderWay>;
  readonly groups: Map<number, WaitingGroup & { readonly order: RecipeOrder }>;
}

interface UnderWay extends Waiting {
  readonly order: RecipeOrder;
  readonly place: number;
  readonly slot: number;
}

/** Hands tasks to workers, no more than they have places; what comes first is begun first. */
export class TaskQueue {
  /** Tasks that are under way at once, at most. */
  readonly places: number;
  readonly #seats: readonly Seat[];
  readonly #recipes: RecipeBook;
  readonly #waiting: Waiting[] = [];
  readonly #waitingGroups: WaitingGroup[] = [];
  readonly #startThread: typeof startThread;
  #ids = 0;
  #isDispatching = false;
  #closed: Error | undefined;

  /** @param start of threads; tests have their own */
  constructor(workers: number, start: typeof startThread = startThread) {
    this.#startThread = start;
    this.places = workers * deepest;
    this.#recipes = new RecipeBook(workers);
    this.#seats = Array.from({ length: workers }, (_, number) => ({
      number,
      thread: undefined,
      told: new Set<number>(),
      free: Array.from({ length: deepest }, (__, place) => place),
      underWay: new Map(),
      groups: new Map(),
    }));
  }

  /**
   * @throws {WorkerError} the work failed.
   * @throws {UnavailableError} the worker has ended.
   * @throws {AbortedError} the signal was raised before the task had begun.
   */
  run(recipe: ImageRecipe, task: ImageTask, signal: AbortSignal, onNote?: (note: DecodeNote) => void): Promise<Pixels> {
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
        recipe,
        task: { id: this.#ids++, task },
        onNote,
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

  /**
   * Makes pictures together, one message each way.
   *
   * @throws {UnavailableError} the worker has ended; which picture it was that ended it, nobody knows.
   * @throws {AbortedError} the signal was raised before the group had begun.
   */
  runGroup(recipe: ImageRecipe, group: PictureGroup, signal: AbortSignal): Promise<FilledGroup> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) {
        reject(this.#closed);
        return;
      }
      const stop = (): void => reject(new AbortedError("Reading pictures was stopped.", { cause: signal.reason }));
      if (signal.aborted) {
        stop();
        return;
      }
      const forget = onAbort(signal, () => {
        const place = this.#waitingGroups.indexOf(waiting);
        if (place >= 0) this.#waitingGroups.splice(place, 1);
        stop();
      });
      const waiting: WaitingGroup = {
        recipe,
        id: this.#ids++,
        group,
        resolve(filled) {
          forget();
          resolve(filled);
        },
        reject(error) {
          forget();
          reject(error);
        },
      };
      this.#waitingGroups.push(waiting);
      this.#dispatchSoon();
    });
  }

  async close(reason: Error): Promise<void> {
    this.#closed ??= reason;
    const lost = [
      ...this.#waiting,
      ...this.#waitingGroups,
      ...this.#seats.flatMap(({ underWay, groups }) => [...underWay.values(), ...groups.values()]),
    ];
    this.#waiting.length = 0;
    this.#waitingGroups.length = 0;
    for (const seat of this.#seats) {
      seat.underWay.clear();
      seat.groups.clear();
    }
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
    const orders = new Map<Seat, UnderWay[]>();
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const seat = this.#seats.reduce((best, each) => (each.free.length > best.free.length ? each : best));
      const order = this.#recipes.orderOf(next.recipe);
      const { depth } = order;
      if (seat.underWay.size >= depth) break;
      this.#waiting.shift();
      // Fewer than so many tasks leave one of the first so many places free.
      const [place = 0] = seat.free.splice(
        seat.free.findLastIndex((each) => each < depth),
        1,
      );
      const underWay = { ...next, order, place, slot: seat.number * depth + place };
      seat.underWay.set(next.task.id, underWay);
      const tasks = orders.get(seat);
      if (tasks === undefined) orders.set(seat, [underWay]);
      else tasks.push(underWay);
    }
    for (const [seat, tasks] of orders) this.#post(seat, tasks);
    this.#dispatchGroups();
    this.#forgetRecipes();
  }

  #dispatchGroups(): void {
    for (let next = this.#waitingGroups[0]; next !== undefined; next = this.#waitingGroups[0]) {
      const seat = this.#seats.reduce((best, each) => (each.groups.size < best.groups.size ? each : best));
      if (seat.groups.size >= groupsEach) return;
      this.#waitingGroups.shift();
      const { id, group, recipe } = next;
      const order = this.#recipes.orderOf(recipe);
      seat.groups.set(id, { ...next, order });
      try {
        this.#threadFor(seat, [order]).post({ kind: "group", id, recipe: order.recipe, group }, [group.target]);
      } catch (error) {
        this.#lose(seat, error);
      }
    }
  }

  /** Of pipelines that came and went nothing stays, here or in the workers; a recipe that is used again is told again. */
  #forgetRecipes(): void {
    const used = new Set(
      this.#seats.flatMap(({ underWay, groups }) =>
        [...underWay.values(), ...groups.values()].map(({ order }) => order),
      ),
    );
    for (const { recipe } of this.#recipes.forget(used)) {
      for (const seat of this.#seats) if (seat.told.delete(recipe)) seat.thread?.post({ kind: "forget", recipe });
    }
  }

  #post(seat: Seat, tasks: readonly UnderWay[]): void {
    try {
      const thread = this.#threadFor(seat, new Set(tasks.map((task) => task.order)));
      const numbered = tasks.map(({ task, order: { recipe }, slot }) => ({ ...task, recipe, slot }));
      thread.post({ kind: "tasks", tasks: numbered });
    } catch (error) {
      this.#lose(seat, error);
    }
  }

  /** The thread in a seat, once it has been told of recipes. */
  #threadFor(seat: Seat, orders: Iterable<RecipeOrder>): Thread {
    const thread = (seat.thread ??= this.#start(seat));
    for (const order of orders) {
      if (!seat.told.has(order.recipe)) thread.post(order);
      seat.told.add(order.recipe);
    }
    thread.keepAlive(true);
    return thread;
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
      if ("filled" in outcome) {
        seat.groups.get(outcome.id)?.resolve(outcome.filled);
        seat.groups.delete(outcome.id);
        continue;
      }
      const waiting = seat.underWay.get(outcome.id);
      if (waiting === undefined) continue;
      seat.underWay.delete(outcome.id);
      const { place, slot, order } = waiting;
      if ("fault" in outcome) waiting.reject(new WorkerError(outcome.fault));
      else {
        const { width, height, data, note } = outcome;
        if (note !== undefined) waiting.onNote?.(note);
        waiting.resolve({ width, height, data: data ?? copyOf(order, slot) });
      }
      seat.free.push(place);
    }
    if (seat.underWay.size === 0 && seat.groups.size === 0) seat.thread?.keepAlive(false);
    this.#dispatchSoon();
  }

  /** The next task gets another thread: one file must not end all work. */
  #lose(seat: Seat, reason: unknown): void {
    const { thread } = seat;
    seat.thread = undefined;
    const lost = [...seat.underWay.values()];
    const lostGroups = [...seat.groups.values()];
    seat.underWay.clear();
    seat.groups.clear();
    for (const { reject } of lostGroups) {
      const what = `the worker that read pictures has ended: ${reason instanceof Error ? reason.message : String(reason)}`;
      reject(new UnavailableError(what, "Read with 0 workers.", { cause: reason }));
    }
    for (const { task, place, reject } of lost) {
      seat.free.push(place);
      const what = `${task.task.name}: the worker that read it has ended: ${reason instanceof Error ? reason.message : String(reason)}`;
      reject(new UnavailableError(what, "Leave the file out, or read with 0 workers.", { cause: reason }));
    }
    void thread?.terminate().catch(() => {});
    this.#dispatchSoon();
  }
}

function copyOf({ ring, slotBytes }: RecipeOrder, slot: number): Uint8Array {
  return ring === undefined ? new Uint8Array(0) : new Uint8Array(ring, slot * slotBytes, slotBytes).slice();
}
