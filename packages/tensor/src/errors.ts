import { describeValue, printable } from "./text/describe-value.ts";

/** Characters of a message; what is longer came from a file. */
const longestMessage = 2000;

/**
 * Base of every error this project throws on purpose.
 *
 * `code` is stable across versions; match on it, not on the message. A message is short, and safe to print: what files
 * and callers put into it is cut and escaped. `name` is written out, because minifiers rename classes.
 */
export abstract class FeaturemapError extends Error {
  abstract override readonly name: string;
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message, longestMessage), options);
  }
}

/** What is wrong, and after it what to do. A cause that is quoted at its end may have brought its own full stop. */
function withRemedy(what: string, remedy: string): string {
  return /[.!?]$/.test(what) ? `${what} ${remedy}` : `${what}. ${remedy}`;
}

/** An option of a layer, optimizer, command or function has a value it cannot work with. */
export class InvalidConfigError extends FeaturemapError {
  override readonly name: string = "InvalidConfigError";
  override readonly code = "INVALID_CONFIG";
  readonly option: string;

  constructor(owner: string, option: string, expected: string, received: unknown) {
    super(`${owner}: ${option} must be ${expected}, received ${describeValue(received)}.`);
    this.option = option;
  }
}

/** Shapes do not fit each other or the operation. */
export class ShapeError extends FeaturemapError {
  override readonly name: string = "ShapeError";
  override readonly code = "SHAPE_MISMATCH";

  constructor(owner: string, what: string, expected: string, received: string) {
    super(`${owner}: ${what} must be ${expected}, received ${received}.`);
  }
}

/** A file or a downloaded document is damaged, altered, or of a kind or version that cannot be read. */
export class FormatError extends FeaturemapError {
  override readonly name: string = "FormatError";
  override readonly code = "INVALID_FORMAT";
  readonly source: string;

  constructor(source: string, what: string, expected: string, received: string) {
    super(`${source}: ${what} must be ${expected}, found ${received}.`);
    this.source = source;
  }
}

/** A file, folder, URL or optional package that is needed is absent or cannot be reached. */
export class UnavailableError extends FeaturemapError {
  override readonly name: string = "UnavailableError";
  override readonly code = "UNAVAILABLE";

  constructor(what: string, remedy: string, options?: ErrorOptions) {
    super(withRemedy(what, remedy), options);
  }
}

/** Something is asked of an object that is not yet, or no longer, in the state for it. */
export class NotReadyError extends FeaturemapError {
  override readonly name: string = "NotReadyError";
  override readonly code = "NOT_READY";

  /** @param remedy what to do first, as a sentence */
  constructor(owner: string, what: string, remedy: string) {
    super(withRemedy(`${owner}: ${what}`, remedy));
  }
}

/** A tensor or a kernel's working memory does not fit into the memory that is left; smaller ones still may. */
export class OutOfMemoryError extends FeaturemapError {
  override readonly name: string = "OutOfMemoryError";
  override readonly code = "OUT_OF_MEMORY";
  /** Bytes that were asked for. */
  readonly bytesWanted: number;
  /** Bytes that tensors and working memory hold. */
  readonly bytesInUse: number;

  constructor(what: string, bytesWanted: number, bytesInUse: number, remedy: string, options?: ErrorOptions) {
    super(withRemedy(what, remedy), options);
    this.bytesWanted = bytesWanted;
    this.bytesInUse = bytesInUse;
  }
}

/** The threads or the hardware behind a backend are gone: it computes nothing more until it is opened anew. */
export class DeviceLostError extends FeaturemapError {
  override readonly name: string = "DeviceLostError";
  override readonly code = "DEVICE_LOST";
  /** What happened, without what to do. */
  readonly what: string;

  constructor(what: string, remedy: string, options?: ErrorOptions) {
    super(withRemedy(what, remedy), options);
    this.what = what;
  }
}

/** The hardware or its driver refused work for another reason than memory: what was computed with it is lost. */
export class DeviceFailureError extends FeaturemapError {
  override readonly name: string = "DeviceFailureError";
  override readonly code = "DEVICE_FAILURE";
  /** What happened, without what to do. */
  readonly what: string;

  constructor(what: string, remedy: string, options?: ErrorOptions) {
    super(withRemedy(what, remedy), options);
    this.what = what;
  }
}

/** A computation produced NaN or infinity where a finite number is needed. */
export class NonFiniteError extends FeaturemapError {
  override readonly name: string = "NonFiniteError";
  override readonly code = "NON_FINITE";
}

/** The caller asked for the work to stop. */
export class AbortedError extends FeaturemapError {
  override readonly name: string = "AbortedError";
  override readonly code = "ABORTED";
}
