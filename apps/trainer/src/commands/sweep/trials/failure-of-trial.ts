import {
  DeviceFailureError,
  DeviceLostError,
  InvalidConfigError,
  NonFiniteError,
  OutOfMemoryError,
  UnavailableError,
} from "@featuremap/tensor";
import { isDeviceError } from "../../../device/explain-device.ts";
import { shellWord } from "../../../terminal/shell-word.ts";
import { shownPath } from "../../../terminal/shown-path.ts";

/** What one trial's values can bring about. */
const ofTrial = [NonFiniteError, OutOfMemoryError, InvalidConfigError, DeviceLostError, DeviceFailureError] as const;

/**
 * Why a trial has no result, where it was the trial's own affair; undefined for what would go wrong in every other trial too,
 * such as a full disk or a damaged picture.
 */
export function failureOfTrial(error: unknown): string | undefined {
  const chain = [...causes(error)];
  const isOwn = ofTrial.some((kind) => error instanceof kind);
  // What the system refuses and what is damaged have another error behind them; that no learning rate was found has not.
  const isDecided = chain.length > 0 && chain.every((each) => each instanceof UnavailableError);
  if (!isOwn && !isDecided) return undefined;
  const first = firstOf(error, chain);
  const reason = isDeviceError(first) ? first.what : first.message;
  return reason.trim().replaceAll(/\s*\n\s*/g, " ");
}

/** What to throw in place of an error that ends a sweep: what is advised is to go on with the sweep, not with the trial. */
export function explainEnd(error: unknown, folder: string): unknown {
  const first = firstOf(error, [...causes(error)]);
  if (!(first instanceof UnavailableError)) return error;
  const remedy = `Then continue with: featuremap sweep --resume ${shellWord(shownPath(folder))}`;
  return new UnavailableError(first.message, remedy, { cause: error });
}

/** The error of that kind that was thrown first; the others have added advice for a single training. */
function firstOf(error: unknown, chain: readonly Error[]): Error {
  const kind = error instanceof Error ? error.constructor : Error;
  return chain.findLast((each) => each.constructor === kind) ?? new Error(String(error));
}

function* causes(error: unknown): Generator<Error> {
  for (let each: unknown = error; each instanceof Error; each = each.cause) yield each;
}
