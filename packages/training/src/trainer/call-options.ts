import { type Option, InvalidConfigError } from "@featuremap/tensor";
import { callOption } from "../config/call-option.ts";
import { CallbackList } from "../loop/callback-list.ts";
import type { Callback } from "../run/callback.ts";
import { ProgressLines, type Verbosity } from "../callbacks/progress-lines.ts";

/** The callbacks of a call, and what its `verbose` asks for. @throws {InvalidConfigError} they are not a list of callbacks. */
export function callbackList(
  owner: string,
  { callbacks, verbose }: { readonly callbacks: readonly Callback[]; readonly verbose: Verbosity },
): CallbackList {
  const given = new CallbackList(owner, callbacks);
  return verbose === 0 ? given : new CallbackList(owner, [...given.all, new ProgressLines(verbose)]);
}

/** What ends a call. */
export const signalOption: Option<AbortSignal | null | undefined, AbortSignal | undefined> = callOption(
  {
    check: (owner, name, signal: AbortSignal) => {
      if (typeof signal === "object" && typeof signal.aborted === "boolean") return signal;
      throw new InvalidConfigError(owner, name, "an AbortSignal", signal);
    },
  },
  undefined,
);
