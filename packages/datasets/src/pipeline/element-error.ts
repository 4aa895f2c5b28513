import { AbortedError, FeaturemapError, describeValue, shorten } from "@featuremap/tensor";

/** What a pipeline was given to call has failed; `cause` is its own error. */
export class ElementError extends FeaturemapError {
  override readonly name: string = "ElementError";
  override readonly code = "ELEMENT_FAILED";
  /** The step, such as `Dataset.map`. */
  readonly step: string;
  /** Of the element that it was given, counted in its epoch. */
  readonly index: number;
  /** Of the file that the element comes from, if it tells one. */
  readonly path: string | undefined;

  constructor(step: string, index: number, path: string | undefined, cause: unknown) {
    const file = path === undefined ? "" : ` (${shorten(path, Number.POSITIVE_INFINITY)})`;
    const reason = cause instanceof Error ? cause.message : describeValue(cause);
    super(`${shorten(step)}: element ${describeValue(index)}${file}: ${reason}`, { cause });
    this.step = step;
    this.index = index;
    this.path = path;
  }
}

/** Runs what the user gave for one element. @throws {ElementError} it throws. */
export async function attemptElement<U>(
  step: string,
  index: number,
  element: unknown,
  work: () => U | Promise<U>,
): Promise<U> {
  try {
    return await work();
  } catch (error) {
    // These tell already what has happened, and where.
    if (error instanceof ElementError || error instanceof AbortedError) throw error;
    throw new ElementError(step, index, pathOf(element), error);
  }
}

function pathOf(element: unknown): string | undefined {
  const { path } = (element ?? {}) as { readonly path?: unknown };
  return typeof path === "string" ? path : undefined;
}
