import { type HostArray, InvalidConfigError } from "@featuremap/tensor";
import { isObject } from "../reading/json.ts";

/** What an optimizer has learned, as plain data: nothing here knows optimizers, so whoever has one hands it in. */
export interface OptimizerData {
  /** What JSON can say of it: its class, its options, how far it has come. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What it keeps for the weights, by name. */
  readonly variables: ReadonlyMap<string, HostArray>;
}

/** @throws {InvalidConfigError} it is not such a data, as plain JavaScript may hand over. */
export function checkOptimizerData(owner: string, data: unknown): void {
  if (isObject(data) && isObject(data["config"]) && data["variables"] instanceof Map) return;
  throw new InvalidConfigError(owner, "optimizer", "{ config, variables } of an object and a Map", data);
}
