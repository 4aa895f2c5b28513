import { isAbsolute } from "node:path";
import { optionPlaces } from "../../training/run/option-places.ts";
import { sweepable } from "../../options/commands/sweep.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import { valueText } from "./sweep-files.ts";

/** A trial's value as people are shown it: as it would be typed here, so that a path is a short one. */
export function shownValue(name: string, value: unknown): string {
  const text = valueText(sweepable, name, value);
  return optionPlaces[name] !== undefined && isAbsolute(text) ? shownPath(text) : text;
}
