import { Option } from "@featuremap/tensor";
import { choiceOption, textOption } from "../config/kinds.ts";
import { type SaveFrequency, isSaveFrequency } from "../run/every-batches.ts";
import type { MonitorMode } from "../run/monitor.ts";

/** The number of the logs to watch. */
export const monitorOption: Option<string | undefined, string> = textOption().default("val_loss");

/** Whether less or more of it is better. */
export const modeOption: Option<MonitorMode | undefined, MonitorMode> = choiceOption<MonitorMode>(
  "auto",
  "min",
  "max",
).default("auto");

/** How much to say on the console. */
export const verboseOption: Option<0 | 1 | undefined, 0 | 1> = Option.plain<0 | 1>({
  expected: "0 or 1",
  accepts: (value) => value === 0 || value === 1,
}).default(0);

/** How often to save. */
export const saveFreqOption: Option<SaveFrequency | undefined, SaveFrequency> = Option.plain<SaveFrequency>({
  expected: '"epoch" or an integer of at least 1',
  accepts: isSaveFrequency,
}).default("epoch");

/** Where to write. @param expected in words, for errors */
export function pathOption(expected = "a path"): Option<string> {
  return Option.plain({ expected, accepts: (value) => typeof value === "string" && value !== "" });
}
