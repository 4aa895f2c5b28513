import { UnavailableError } from "@featuremap/tensor";

/** @throws {UnavailableError} always: a page has no files. */
export function writeWholeFile(path: string, _contents: Uint8Array | string): Promise<void> {
  return refuse(path);
}

/** @throws {UnavailableError} always: a page has no files. */
export function appendToFile(path: string, _contents: Uint8Array | string): Promise<void> {
  return refuse(path);
}

/** @throws {UnavailableError} always: a page has no files. */
export function readFileIfAny(path: string): Promise<Uint8Array | undefined> {
  return refuse(path);
}

/** @throws {UnavailableError} always: a page has no files. */
export function removeFile(path: string): Promise<void> {
  return refuse(path);
}

/** @throws {UnavailableError} always: a page has no files. */
export function removeEmptyFolder(path: string): Promise<void> {
  return refuse(path);
}

function refuse(path: string): Promise<never> {
  return Promise.reject(
    new UnavailableError(`A page has no file ${path}`, "Write a callback that keeps what you need, or train in Node."),
  );
}
