import { InvalidConfigError, isTypedArray } from "@featuremap/tensor";

/** @throws {InvalidConfigError} it is not a path; the system knows none with a NUL character. */
export function checkPath(owner: string, what: string, path: unknown): void {
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return;
  throw new InvalidConfigError(owner, what, "a path, as a string", path);
}

/** Whether it is the name of a file alone, with nothing that a system reads otherwise. */
export function isPlain(name: unknown): boolean {
  return typeof name === "string" && /^[\w-][\w.-]*$/.test(name);
}

/** @throws {InvalidConfigError} it is not. */
export function checkName(owner: string, what: string, name: unknown): void {
  if (isPlain(name)) return;
  throw new InvalidConfigError(owner, what, "a plain name", name);
}

/** @throws {InvalidConfigError} the contents are neither text nor bytes. */
export function checkContents(owner: string, contents: unknown): Uint8Array {
  if (typeof contents === "string") return new TextEncoder().encode(contents);
  if (isTypedArray(contents, "Uint8Array")) return contents;
  throw new InvalidConfigError(owner, "contents", "a string or bytes (a Uint8Array)", contents);
}
