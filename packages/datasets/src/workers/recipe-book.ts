import { canShareMemory } from "#threads";
import type { ImageRecipe } from "./image-recipe.ts";
import type { RecipeOrder } from "./messages.ts";

/** Recipes that workers know at once: those of training and validation, and some more. */
const mostRecipes = 8;

/** Bytes of all rings, though the recipes in use have theirs. */
const mostBytes = 2 ** 28;

/** Bytes of a picture that has a place in shared memory; a larger one is handed over. */
const largestSlot = 2 ** 22;

/** Tasks that a worker has at once: while the thread that hands them out is busy, it goes on. */
export const usualDepth = 4;

/** The same where pictures are small, which takes no time and little memory: messages cost as much as a picture. */
export const deepest = 16;

/** Bytes of a small picture: as many as 256 x 256 pixels of 4. */
const small = 2 ** 18;

/** The recipes that workers are told of, each with the memory for its results, the one used last at the end. */
export class RecipeBook {
  readonly #workers: number;
  readonly #orders = new Map<ImageRecipe, RecipeOrder>();
  #numbers = 0;

  constructor(workers: number) {
    this.#workers = workers;
  }

  /** What workers are told of a recipe; a new order where it was forgotten. */
  orderOf(recipe: ImageRecipe): RecipeOrder {
    const order = this.#orders.get(recipe) ?? this.#newOrder(recipe);
    this.#orders.delete(recipe);
    this.#orders.set(recipe, order);
    return order;
  }

  /** Forgets those that were used least recently, as far as there are too many. @returns these */
  forget(used: ReadonlySet<RecipeOrder>): RecipeOrder[] {
    let bytes = 0;
    for (const { ring } of this.#orders.values()) bytes += ring?.byteLength ?? 0;
    const forgotten: RecipeOrder[] = [];
    for (const [recipe, order] of this.#orders) {
      if (this.#orders.size <= mostRecipes && bytes <= mostBytes) break;
      if (used.has(order)) continue;
      this.#orders.delete(recipe);
      bytes -= order.ring?.byteLength ?? 0;
      forgotten.push(order);
    }
    return forgotten;
  }

  #newOrder(what: ImageRecipe): RecipeOrder {
    const channels = { grayscale: 1, rgb: 3, rgba: 4 }[what.decode?.colorMode ?? "rgb"];
    const slotBytes = what.size === undefined ? 0 : what.size[0] * what.size[1] * channels;
    const isShared = canShareMemory && slotBytes > 0 && slotBytes <= largestSlot;
    const depth = slotBytes > 0 && slotBytes <= small ? deepest : usualDepth;
    const ring = isShared ? new SharedArrayBuffer(slotBytes * this.#workers * depth) : undefined;
    return { kind: "recipe", recipe: this.#numbers++, what, ring, slotBytes, depth };
  }
}
