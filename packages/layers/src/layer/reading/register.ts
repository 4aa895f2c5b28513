import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { setRegisteredName } from "../../config/registered-names.ts";
import type { ActivationFunction } from "../../parts/activations.ts";
import type { Part } from "../../parts/part.ts";
import type { Layer } from "../layer.ts";
import { type Loadable, isLoadable, isPlainFunction, keepRegistered } from "./registered-objects.ts";

/** A layer's class that can be made again from Keras's JSON. */
export type LoadableLayer = Loadable<Layer>;

/** The same of an initializer, a regularizer or a constraint. */
export type LoadablePart = Loadable<Part>;

export interface RegistrationOptions {
  /** Whose class or function it is; keeps apart those of one name. Default: `Custom`. */
  readonly package?: string | undefined;
  /** The name in saved models, beside the package. Default: the class's `className` or the function's name. */
  readonly name?: string | undefined;
}

const registrationOptions: OptionNames<RegistrationOptions> = { package: true, name: true };

/**
 * Lets saved models hold what is one's own, here and, if it is registered there under the same name, in Keras: classes of
 * layers, initializers, regularizers and constraints, and functions as activations.
 *
 * A name registered again stands for the later one. Source: Keras `register_keras_serializable`.
 *
 * @throws {InvalidConfigError} the class has no `className` of its own, or options but no `fromConfig`, the function has no name and is
 * given none, or a name is empty or has a `>`.
 */
export function registerKerasSerializable(
  target: LoadableLayer | LoadablePart | ActivationFunction,
  options: RegistrationOptions = {},
): void {
  const owner = "registerKerasSerializable";
  checkOptions(owner, options, registrationOptions);
  if (!isLoadable(target) && !isPlainFunction(target)) {
    throw new InvalidConfigError(owner, "target", "a class with className and fromConfig, or a function", target);
  }
  const { package: packageName = "Custom", name = isLoadable(target) ? target.className : target.name } = options;
  for (const [option, value] of Object.entries({ package: packageName, name })) {
    if (value === "" || value.includes(">")) throw new InvalidConfigError(owner, option, 'a name without ">"', value);
  }
  const registered = `${packageName}>${name}`;
  keepRegistered(registered, target);
  setRegisteredName(target, registered);
}
