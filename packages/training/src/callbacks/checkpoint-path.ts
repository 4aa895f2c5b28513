import { InvalidConfigError } from "@featuremap/tensor";
import type { Logs } from "../run/logs.ts";
import type { TrainingRun } from "../run/callback.ts";
import { lacksValidation, validationOptions } from "../run/monitor.ts";

const placeholder = /\{(\w+)(?::([^}]*))?\}/g;

/** @throws {InvalidConfigError} a path needs numbers of a validation that will not take place: an epoch would be lost. */
export function checkNumbersOf(template: string, logs: TrainingRun["logs"]): void {
  const wrong = [...template.matchAll(placeholder)].find(([, name = ""]) => lacksValidation(name, logs));
  if (wrong === undefined) return;
  const expected = `of ${["epoch", ...logs.keys()].join(", ")}, unless fit is given ${validationOptions}`;
  throw new InvalidConfigError("ModelCheckpoint", "filepath", expected, wrong[1]);
}

/**
 * A path in which `{epoch}` stands for the epoch's number from 1, and every other name in braces for a number of the
 * logs, or `{batch}` for that of the batch in its epoch, in Python's formats `d`, `f` and `e`: `weights-{epoch:02d}-{val_loss:.3f}`.
 *
 * @throws {InvalidConfigError} there is no such number or format.
 */
export function checkpointPath(template: string, epoch: number, logs: Logs, batch?: number): string {
  const values: Logs = { ...(batch === undefined ? {} : { batch: batch + 1 }), ...logs, epoch: epoch + 1 };
  return template.replaceAll(placeholder, (_all, name: string, format: string | undefined) => {
    const value = values[name];
    if (value === undefined) {
      throw new InvalidConfigError("ModelCheckpoint", "filepath", `of ${Object.keys(values).join(", ")}`, name);
    }
    return formatted(value, format ?? "");
  });
}

function formatted(value: number, format: string): string {
  if (format === "") return String(value);
  const [, zero, width = "0", digits = "6", kind] = /^(0?)(\d*)(?:\.(\d+))?([dfe])$/.exec(format) ?? [];
  if (kind === undefined) {
    throw new InvalidConfigError("ModelCheckpoint", "filepath", "with formats like 02d, .3f or .2e", format);
  }
  const text =
    kind === "d" ? value.toFixed(0) : kind === "f" ? value.toFixed(Number(digits)) : scientific(value, Number(digits));
  return text.padStart(Number(width), zero === "0" ? "0" : " ");
}

/** As Python writes it, with at least two digits in the exponent. */
function scientific(value: number, digits: number): string {
  return value.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");
}
