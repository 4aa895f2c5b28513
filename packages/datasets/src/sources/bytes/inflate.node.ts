import { createGunzip, inflateRaw } from "node:zlib";
import { FormatError } from "@featuremap/tensor";

/**
 * Unpacks raw deflate, as zip archives hold it, to exactly `size` bytes; no more are ever written.
 *
 * @throws {FormatError} it is damaged, or unpacks to more or fewer.
 */
export function inflate(packed: Uint8Array, size: number, name: string): Promise<Uint8Array> {
  const damaged = (found: string): FormatError =>
    new FormatError(name, "the packed bytes", `${size} once unpacked`, found);
  return new Promise((resolve, reject) => {
    // At least one byte: zlib takes no smaller bound.
    inflateRaw(packed, { maxOutputLength: Math.max(1, size) }, (error, bytes) => {
      if (error) reject(damaged("code" in error && error.code === "ERR_BUFFER_TOO_LARGE" ? "more" : error.message));
      else if (bytes.length !== size) reject(damaged(`${bytes.length}`));
      else resolve(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    });
  });
}

/**
 * Unpacks gzip as it comes.
 *
 * @throws {FormatError} it is damaged, or ends early.
 */
export async function* gunzip(
  packed: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const unpacking = createGunzip({ chunkSize: 2 ** 20 });
  let failure: unknown;
  const feeding = feed(packed, unpacking).catch((error: unknown) => {
    failure = error;
    unpacking.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    yield* unpacking as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (failure !== undefined) throw failure;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(name, "the file", "a whole gzip file", reason);
  } finally {
    unpacking.destroy();
    await feeding;
  }
}

async function feed(packed: AsyncIterable<Uint8Array>, into: ReturnType<typeof createGunzip>): Promise<void> {
  for await (const chunk of packed) {
    if (into.destroyed) return;
    if (!into.write(chunk)) {
      await new Promise<void>((resolve) => {
        into.once("drain", resolve).once("close", resolve);
      });
    }
  }
  into.end();
}
