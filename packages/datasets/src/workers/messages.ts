import type { DecodeNote } from "@featuremap/images";
import type { ImageRecipe, ImageTask } from "./image-recipe.ts";
import type { FilledGroup, PictureGroup } from "./picture-group.ts";
import type { FaultDescription } from "./worker-error.ts";

/** What a worker is told. */
export type Order = RecipeOrder | ForgetOrder | TasksOrder | GroupOrder;

/** Comes before the first task of a recipe. */
export interface RecipeOrder {
  readonly kind: "recipe";
  readonly recipe: number;
  readonly what: ImageRecipe;
  /** Where results go that have exactly `slotBytes`; undefined where memory cannot be shared, or sizes differ. */
  readonly ring: SharedArrayBuffer | undefined;
  readonly slotBytes: number;
  /** Tasks of it that a worker has at once. */
  readonly depth: number;
}

/** No task of the recipe comes any more. */
export interface ForgetOrder {
  readonly kind: "forget";
  readonly recipe: number;
}

export interface TasksOrder {
  readonly kind: "tasks";
  readonly tasks: readonly NumberedTask[];
}

export interface GroupOrder {
  readonly kind: "group";
  readonly id: number;
  readonly recipe: number;
  readonly group: PictureGroup;
}

export interface NumberedTask {
  readonly id: number;
  readonly recipe: number;
  /** Of the ring; nobody else writes to it until the result has been taken. */
  readonly slot: number;
  readonly task: ImageTask;
}

/** What has become of a task, or of a group. */
export type Outcome = Picture | Fault | Filled;

export interface Picture {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** Undefined: it lies in the slot. */
  readonly data: Uint8Array<ArrayBuffer> | undefined;
  /** What decoding said, where it said something. */
  readonly note?: DecodeNote | undefined;
}

export interface Fault {
  readonly id: number;
  readonly fault: FaultDescription;
}

export interface Filled {
  readonly id: number;
  readonly filled: FilledGroup;
}
