import { readFileWholeSync } from "@featuremap/files";
import type { DecodeNote, Pixels } from "@featuremap/images";
import type { GroupOrder, NumberedTask, Order, Outcome, Picture, RecipeOrder } from "./messages.ts";
import { fillGroup } from "./picture-group.ts";
import { type RecipeWork, workOf } from "./run-recipe.ts";
import { describeFault } from "./worker-error.ts";

/** Outcomes that are told at once. A message costs as much as decoding a small picture. */
const mostTogether = 8;
/** Milliseconds after which an outcome does not wait for others. */
const longestWait = 4;

/** Tells outcomes; the buffers change hands. */
export type Post = (outcomes: readonly Outcome[], buffers: ArrayBuffer[]) => void;

/** What a worker does with what it is told. */
export function serveTasks(post: Post): (order: Order) => void {
  const recipes = new Map<number, { readonly order: RecipeOrder; readonly work: RecipeWork }>();
  let groups = Promise.resolve();
  let outcomes: Outcome[] = [];
  let underWay = 0;
  let lastTold = 0;

  const tell = (): void => {
    if (outcomes.length === 0) return;
    const told = outcomes;
    outcomes = [];
    lastTold = performance.now();
    post(
      told,
      told.flatMap((outcome) => ("data" in outcome && outcome.data !== undefined ? [outcome.data.buffer] : [])),
    );
  };
  const serve = async ({ id, recipe, slot, task }: NumberedTask): Promise<void> => {
    underWay++;
    // Pushed when it is there: while it is made, others may be told, and the list be another.
    let outcome: Outcome;
    try {
      const known = recipes.get(recipe);
      if (known === undefined) throw new Error(`recipe ${recipe} was not told`);
      const { order, work } = known;
      let note: DecodeNote | undefined;
      const picture = await work(
        task,
        (pixels, isLent) => deliver(id, pixels, isLent, slot, order),
        undefined,
        (said) => (note = said),
      );
      outcome = note === undefined ? picture : { ...picture, note };
    } catch (error) {
      outcome = { id, fault: describeFault(error) };
    }
    outcomes.push(outcome);
    underWay--;
    const isEnough = outcomes.length >= mostTogether || performance.now() > lastTold + longestWait;
    if (underWay === 0 || isEnough) tell();
  };

  const serveGroup = async ({ id, recipe, group }: GroupOrder): Promise<void> => {
    const work = recipes.get(recipe)?.work;
    if (work === undefined) throw new Error(`recipe ${recipe} was not told`);
    const filled = await fillGroup(group, work);
    post([{ id, filled }], [filled.target]);
  };

  return (order) => {
    if (order.kind === "recipe") {
      // A worker has nothing else to do while it reads.
      recipes.set(order.recipe, { order, work: workOf(order.what, async (...given) => readFileWholeSync(...given)) });
      return;
    }
    if (order.kind === "forget") {
      recipes.delete(order.recipe);
      return;
    }
    if (order.kind === "group") {
      // One after the other: a group's pictures are read as fast as they can be.
      groups = groups.then(() => serveGroup(order));
      return;
    }
    for (const task of order.tasks) void serve(task);
  };
}

function deliver(
  id: number,
  { data, width, height }: Pixels,
  isLent: boolean,
  slot: number,
  order: RecipeOrder,
): Picture {
  const { ring, slotBytes } = order;
  if (ring !== undefined && data.length === slotBytes) {
    new Uint8Array(ring, slot * slotBytes, slotBytes).set(data);
    return { id, width, height, data: undefined };
  }
  return { id, width, height, data: isLent ? new Uint8Array(data) : ownBytes(data) };
}

/** Bytes whose buffer can change hands: all of it, and nobody else's, as a decoder's memory would be. */
function ownBytes(data: Uint8Array | Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const { buffer } = data;
  const isPlain = data.constructor === Uint8Array || data.constructor === Uint8ClampedArray;
  return isPlain && buffer instanceof ArrayBuffer && buffer.byteLength === data.length
    ? new Uint8Array(buffer)
    : new Uint8Array(data);
}
