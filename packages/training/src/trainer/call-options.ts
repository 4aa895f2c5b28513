import { InvalidConfigError } from "@featuremap/tensor";
import { CallbackList } from "../loop/callback-list.ts";
import type { Callback } from "../run/callback.ts";
import { ProgressLines, type Verbosity, checkVerbosity } from "../callbacks/progress-lines.ts";

/** The callbacks of a call, and what its `verbose` asks for. @throws {InvalidConfigError} either is wrong. */
export function callbackList(
  owner: string,
  { callbacks = [], verbose }: { readonly callbacks?: readonly Callback[]; readonly verbose?: Verbosity },
): CallbackList {
  const level = checkVerbosity(owner, verbose);
  const given = new CallbackList(owner, callbacks);
  return level === 0 ? given : new CallbackList(owner, [...given.all, new ProgressLines(level)]);
}

/** @throws {InvalidConfigError} it is no `AbortSignal`. */
export function checkSignal(owner: string, signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined || (typeof signal === "object" && typeof signal?.aborted === "boolean")) return signal;
  throw new InvalidConfigError(owner, "signal", "an AbortSignal", signal);
}
