import { UnavailableError } from "@featuremap/tensor";
import { engine, getBackend, setBackend } from "@tensorflow/tfjs-core";
import type { Device } from "./device.ts";

/** Whether a backend has started and was not given back since. */
export function isRunning(backend: string): boolean {
  return Object.hasOwn(engine().registry, backend);
}

/**
 * Runs synchronous tensor work on one device, and leaves the choice of backend as it was.
 *
 * tfjs has one current backend for the whole program; this keeps two classifiers, or a classifier and a trainer, on different
 * devices out of each other's way.
 *
 * @throws {UnavailableError} the device was closed.
 */
export function runOnDevice<Result>({ name, backend }: Pick<Device, "name" | "backend">, work: () => Result): Result {
  if (!isRunning(backend)) {
    throw new UnavailableError(`The device ${name} was closed`, "Open it and load what ran on it again.");
  }
  const former = getBackend();
  if (former === backend) return work();
  // For a backend that runs, this takes effect before it returns.
  void setBackend(backend);
  try {
    return work();
  } finally {
    if (isRunning(former)) void setBackend(former);
  }
}
