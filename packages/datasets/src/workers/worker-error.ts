import { FeaturemapError } from "@featuremap/tensor";
import type { Fault } from "./messages.ts";

/** What went wrong in a worker, under the name and code of the error there: `INVALID_FORMAT` for a damaged picture. */
export class WorkerError extends FeaturemapError {
  override readonly name: string;
  override readonly code: string;

  constructor(fault: Fault["fault"]) {
    super(fault.message);
    this.name = fault.name;
    this.code = fault.code ?? "WORKER_FAILED";
  }
}
