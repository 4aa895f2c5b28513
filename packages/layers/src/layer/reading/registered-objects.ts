import { areDeclared } from "@featuremap/tensor";
import type { ActivationFunction } from "../../parts/activations.ts";
import type { ConfigReader } from "../../config/config-reader.ts";
import { readsDeclared } from "../../config/configured.ts";

/** A class that can be made again from Keras's JSON. */
export interface Loadable<Made> {
  readonly className: string;
  /** Makes an object of a config, and reads each of its keys: those left over are refused. */
  fromConfig(reader: ConfigReader): Made;
}

type Registered = Loadable<unknown> | ActivationFunction;

const byName = new Map<string, Registered>();

/** What saved models mean from now on by a name, which has its package before it. */
export function keepRegistered(name: string, target: Registered): void {
  byName.set(name, target);
}

/** What Keras's JSON tells of an object. */
type SerializedObject = Readonly<Record<string, unknown>>;

/** The class that was registered under the name that the JSON has, if any. */
export function registeredClass(object: SerializedObject): Loadable<unknown> | undefined {
  const found = registeredAs(object["registered_name"], object);
  return isLoadable(found) ? found : undefined;
}

/**
 * The class that was registered under the name of one of Keras's own which is not here. Of several packages' it is the latest.
 */
export function registeredInPlaceOf(className: string): Loadable<unknown> | undefined {
  const [, found] = [...byName].findLast(([name]) => name.endsWith(`>${className}`)) ?? [];
  return isLoadable(found) ? found : undefined;
}

/** The activation function that was registered under the name that the JSON has, which Keras writes as the config. */
export function registeredFunction(object: SerializedObject): ActivationFunction | undefined {
  const found = registeredAs(object["config"], object);
  return isPlainFunction(found) ? found : undefined;
}

function registeredAs(name: unknown, object: SerializedObject): Registered | undefined {
  if (typeof name !== "string") return undefined;
  // What nobody had registered when it was saved has no package.
  return byName.get(name) ?? (isKeras(object) ? undefined : byName.get(`Custom>${name}`));
}

/** Whether it is Keras's own, and not a user's. */
function isKeras({ module }: SerializedObject): boolean {
  return typeof module === "string" && /^keras\b/.test(module);
}

/** Whether objects of a class can be made again from Keras's JSON. */
export function isLoadable(target: unknown): target is Loadable<never> {
  if (typeof target !== "function" || !Object.hasOwn(target, "className")) return false;
  if (!("fromConfig" in target && typeof target.fromConfig === "function")) return false;
  return !readsDeclared.has(ownerOf(target, "fromConfig")) || ("options" in target && areDeclared(target.options));
}

/** The class, of one and its ancestors, that has a member itself. */
function ownerOf(target: object, member: string): object {
  return Object.hasOwn(target, member) ? target : ownerOf(Object.getPrototypeOf(target) as object, member);
}

/** A function that is not a class: those have a prototype that cannot be replaced. */
export function isPlainFunction(target: unknown): target is ActivationFunction {
  if (typeof target !== "function") return false;
  return Object.getOwnPropertyDescriptor(target, "prototype")?.writable !== false;
}
