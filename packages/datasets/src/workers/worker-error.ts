import { FeaturemapError } from "@featuremap/tensor";

/** An error in plain JSON. */
export interface FaultDescription {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
  /** The system's name of its cause, such as `ENOENT`; empty where that has none. Undefined: it has no cause. */
  readonly system?: string | undefined;
}

/** What went wrong in a worker, under the name and code of the error there: `INVALID_FORMAT` for a damaged picture. */
export class WorkerError extends FeaturemapError {
  override readonly name: string;
  override readonly code: string;

  constructor(fault: FaultDescription) {
    const { message, system } = fault;
    super(message, system === undefined ? {} : { cause: Object.assign(new Error(system), { code: system }) });
    this.name = fault.name;
    this.code = fault.code ?? "WORKER_FAILED";
  }
}

/** What is told of an error that is thrown in a worker. */
export function describeFault(error: unknown): FaultDescription {
  type Properties = Partial<Record<"name" | "code" | "message" | "cause", unknown>>;
  const { name, code, message, cause } = (error ?? {}) as Properties;
  const { code: system } = (cause ?? {}) as Properties;
  return {
    name: typeof name === "string" ? name : "Error",
    code: typeof code === "string" ? code : undefined,
    message: typeof message === "string" ? message : String(error),
    system: cause === undefined ? undefined : typeof system === "string" ? system : "",
  };
}
