import { InvalidConfigError, nearestName } from "@featuremap/tensor";
import { classNameOf } from "../config/class-name.ts";
import { Callback } from "../run/callback.ts";

/** The callbacks of one call, in the order in which they are told. */
export class CallbackList {
  readonly all: readonly Callback[];

  /** @throws {InvalidConfigError} they are not a list of callbacks. */
  constructor(owner: string, callbacks: readonly Callback[]) {
    const expected = "a list of objects of Callback's subclasses";
    if (!Array.isArray(callbacks)) throw new InvalidConfigError(owner, "callbacks", expected, callbacks);
    const wrong: unknown = callbacks.find((each) => !(each instanceof Callback));
    if (wrong !== undefined) throw new InvalidConfigError(owner, "callbacks", expected, wrong);
    for (const each of callbacks) refuseMisspelt(each);
    this.all = [...callbacks.filter((each) => !each.last), ...callbacks.filter((each) => each.last)];
  }

  /** Tells all, one after another. */
  async tell(tell: (callback: Callback) => void | Promise<void>): Promise<void> {
    for (const callback of this.all) await tell(callback);
  }

  /** Those that have a method of their own for this. */
  hearing(hook: keyof Callback): readonly Callback[] {
    return this.all.filter((each) => each[hook] !== Callback.prototype[hook]);
  }
}

/** Everything that a callback may hear of. */
const hooks = Object.getOwnPropertyNames(Callback.prototype).filter((name) => name.startsWith("on"));

/** A method with nearly the name of one that is called would be called never. */
function refuseMisspelt(callback: Callback): void {
  for (let at: object = callback; at !== Callback.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (!/^on(_|[A-Z])/.test(name) || hooks.includes(name)) continue;
      // Older releases of Keras call batches of training so.
      const meant = nearestName(name.replace(/^on_?batch/i, "onTrainBatch"), hooks);
      if (meant === undefined) continue;
      const expected = `among those that are called (did you mean ${meant}?)`;
      throw new InvalidConfigError(classNameOf(callback), "methods", expected, name);
    }
  }
}
