import { FeaturemapError } from "@featuremap/tensor";

/** An error in plain JSON. */
export interface FaultDescription {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
}

/** What went wrong in a worker, under the name and code of the error there: `INVALID_FORMAT` for a damaged picture. */
export class WorkerError extends FeaturemapError {
  override readonly name: string;
  override readonly code: string;

  constructor(fault: FaultDescription) {
    super(fault.message);
    this.name = fault.name;
    this.code = fault.code ?? "WORKER_FAILED";
  }
}
