import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { ConfigReader } from "./config-reader.ts";
import type { Layer } from "./layer.ts";
import { setRegisteredName } from "./registered-names.ts";

/** A class that can be made again from Keras's JSON. */
export interface LoadableLayer {
  readonly className: string;
  /** Makes a layer of a config, and reads each of its keys: those left over are refused. */
  fromConfig(reader: ConfigReader): Layer;
}

export interface RegistrationOptions {
  /** Whose class it is; keeps apart classes of one name. `Custom` unless said otherwise. */
  readonly package?: string | undefined;
  /** The class's name in saved models, beside the package; its `className` unless said otherwise. */
  readonly name?: string | undefined;
}

const registrationOptions: OptionNames<RegistrationOptions> = { package: true, name: true };

const byName = new Map<string, LoadableLayer>();

/**
 * Lets saved models hold layers of a class of one's own, here and, if it is registered there under the same name, in Keras.
 *
 * A name registered again stands for the later class. Source: Keras `register_keras_serializable`.
 *
 * @throws {InvalidConfigError} the class has no `className` of its own or no `fromConfig`, or a name is empty or has a `>`.
 */
export function registerKerasSerializable(layerClass: LoadableLayer, options: RegistrationOptions = {}): void {
  const owner = "registerKerasSerializable";
  checkOptions(owner, options, registrationOptions);
  if (typeof layerClass.fromConfig !== "function" || !Object.hasOwn(layerClass, "className")) {
    throw new InvalidConfigError(owner, "layerClass", "a layer class with className and fromConfig", layerClass);
  }
  const { package: packageName = "Custom", name = layerClass.className } = options;
  for (const [option, value] of Object.entries({ package: packageName, name })) {
    if (value === "" || value.includes(">")) throw new InvalidConfigError(owner, option, 'a name without ">"', value);
  }
  const registered = `${packageName}>${name}`;
  byName.set(registered, layerClass);
  setRegisteredName(layerClass, registered);
}

/** The class that was registered under this name, if any. */
export function registeredLayer(name: unknown): LoadableLayer | undefined {
  return typeof name === "string" ? byName.get(name) : undefined;
}
