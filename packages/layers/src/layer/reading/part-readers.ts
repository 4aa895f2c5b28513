import {
  type Activation,
  type ActivationFunction,
  type ActivationName,
  resolveActivation,
} from "../../parts/activations.ts";
import { type ConfigReader, isRecord } from "../../config/config-reader.ts";
import { type Part, type PartKind, findPart } from "../../parts/part.ts";
import { registeredClass, registeredFunction, registeredInPlaceOf } from "./registered-objects.ts";

/** A part that Keras serialized as an object or by name; `null` stays, and a missing key reads as `undefined`. */
export function readPart<Kind extends Part>(
  config: ConfigReader,
  key: string,
  kind: PartKind<Kind>,
): Kind | null | undefined {
  const value = config.take(key);
  if (value === undefined || value === null) return value;
  const object = isRecord(value) ? value : { class_name: value };
  const reader = config.inner(key, object["config"] ?? {});
  const { class_name: name, registered_name: registered } = object;
  const known = typeof name === "string" ? (findPart(name, kind) ?? registeredInPlaceOf(name)) : undefined;
  const target = registeredClass(object) ?? known;
  const part = target && target.fromConfig(reader);
  if (!(part instanceof kind.base)) {
    const names = kind.classes.map(({ className }) => className);
    return config.fail(key, `one of ${names.join(", ")}, or registered`, registered ?? name ?? value);
  }
  reader.finish();
  return part;
}

/** An activation by name, or as Keras serializes functions. */
export function readActivation(config: ConfigReader, key = "activation"): Activation | undefined {
  const value = config.take(key);
  if (value === undefined || value === null) return undefined;
  const choice = isRecord(value) ? (registeredFunction(value) ?? value["config"]) : value;
  if (typeof choice === "string" || typeof choice === "function") {
    try {
      return resolveActivation("activation", choice as ActivationName | ActivationFunction);
    } catch {
      // The error below says where.
    }
  }
  return config.fail(key, "a known activation, or a registered function", choice ?? value);
}
