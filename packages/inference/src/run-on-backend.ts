import { UnavailableError } from "@featuremap/tensor";
import { engine, getBackend, setBackend } from "@tensorflow/tfjs-core";

/** Whether a backend has started and was not given back since. */
export function isRunning(backend: string): boolean {
  return Object.hasOwn(engine().registry, backend);
}

/**
 * Runs synchronous tensor work on one backend, and leaves the choice of backend as it was.
 *
 * tfjs has one current backend for the whole page; this keeps two classifiers, or a classifier and a trainer, on
 * different devices out of each other's way.
 *
 * @throws {UnavailableError} the backend is no longer running.
 */
export function runOnBackend<Result>(backend: string, work: () => Result): Result {
  if (!isRunning(backend)) {
    throw new UnavailableError(`The device ${backend} was closed`, "Load the classifier again.");
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
