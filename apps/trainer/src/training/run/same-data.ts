import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { findPreset } from "../../data/presets/find-preset.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { shownPath } from "../../terminal/shown-path.ts";

/** What goes on, and with which data. */
export interface GoingOn {
  /** The command that goes on. */
  readonly owner: string;
  /** What goes on. */
  readonly folder: string;
  /** Where its data lay. */
  readonly before: unknown;
  /** Where they lie, as it is said now. */
  readonly now: string;
}

/**
 * Sees to it that a run goes on with its own data. Where they were moved they may be named anew; that they are the same is
 * seen where they are opened.
 *
 * @throws {InvalidConfigError} others are named, and the run's are there.
 * @throws {UnavailableError} the run's are gone, and nothing was said of where they are now.
 */
export function checkSameData({ owner, folder, before, now }: GoingOn): void {
  if (typeof before !== "string") return;
  const isSame = before === now || before === resolve(now);
  if (findPreset(before) !== undefined || existsSync(before)) {
    if (isSame) return;
    throw new InvalidConfigError(owner, "data", `${before}, as in ${folder}, or left out`, now);
  }
  if (!isSame) return;
  const shown = shellWord(shownPath(folder));
  throw new UnavailableError(
    `The pictures of ${shown} are no longer at ${before}`,
    `Put them back, or say where they are now: featuremap ${owner} <data> --resume ${shellWord(shown)}`,
  );
}
