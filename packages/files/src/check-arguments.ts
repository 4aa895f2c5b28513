import { InvalidConfigError } from "@featuremap/tensor";

/** @throws {InvalidConfigError} it is not a path; the system knows none with a NUL character. */
export function checkPath(owner: string, what: string, path: unknown): void {
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return;
  throw new InvalidConfigError(owner, what, "a path as text", path);
}

/** @throws {InvalidConfigError} the contents are neither text nor bytes. */
export function checkContents(owner: string, contents: unknown): Uint8Array {
  if (typeof contents === "string") return new TextEncoder().encode(contents);
  if (contents instanceof Uint8Array) return contents;
  throw new InvalidConfigError(owner, "contents", "text or bytes (a Uint8Array)", contents);
}
