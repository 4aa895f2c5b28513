import { UnavailableError } from "@featuremap/tensor";

/** The folder of a cache cannot be used; it is not a fault of the element that was to be kept there. */
export class CacheError extends UnavailableError {
  override readonly name = "CacheError";

  constructor(directory: string, cause: unknown) {
    // It says what to do as well.
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Elements cannot be kept in ${directory}`, reason, { cause });
  }
}
