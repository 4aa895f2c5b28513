import { type EitherCase, resolveName } from "../resolve-name.ts";
import { BinaryCrossentropy } from "./binary-crossentropy.ts";
import { CategoricalCrossentropy } from "./categorical-crossentropy.ts";
import type { Loss } from "./loss.ts";
import { SparseCategoricalCrossentropy } from "./sparse-categorical-crossentropy.ts";

/** The losses that have a name, with their defaults: outputs are probabilities. */
export type LossName = EitherCase<"binaryCrossentropy" | "categoricalCrossentropy" | "sparseCategoricalCrossentropy">;

const names = ["binaryCrossentropy", "categoricalCrossentropy", "sparseCategoricalCrossentropy"];
const losses: ReadonlyMap<string, () => Loss> = new Map<string, () => Loss>([
  ["binarycrossentropy", () => new BinaryCrossentropy()],
  ["categoricalcrossentropy", () => new CategoricalCrossentropy()],
  ["sparsecategoricalcrossentropy", () => new SparseCategoricalCrossentropy()],
]);

/** @throws {InvalidConfigError} there is no loss of that name. */
export function resolveLoss(choice: LossName | Loss): Loss {
  return typeof choice === "string" ? resolveName("Trainer", "loss", choice, losses, names)() : choice;
}
