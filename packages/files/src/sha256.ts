import { InvalidConfigError, isTypedArray } from "@featuremap/tensor";

/**
 * SHA-256 of some bytes, as 64 lower-case hexadecimal digits.
 *
 * Web Crypto computes it where it exists. A page from an insecure origin other than localhost has no
 * `crypto.subtle`; there `@noble/hashes` does the same, loaded only then.
 *
 * @throws {InvalidConfigError} they are not bytes.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  if (!isTypedArray(bytes, "Uint8Array")) throw new InvalidConfigError("sha256", "bytes", "a Uint8Array", bytes);
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  const digest = subtle === undefined ? await withoutWebCrypto(bytes) : await subtle.digest("SHA-256", unshared(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function withoutWebCrypto(bytes: Uint8Array): Promise<Uint8Array> {
  const library = await import("@noble/hashes/sha2.js");
  return library.sha256(unshared(bytes));
}

/** Web Crypto refuses shared memory; bytes that lie there are copied out of it. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    : new Uint8Array(bytes);
}
