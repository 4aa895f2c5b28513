import { FormatError } from "@featuremap/tensor";
import type * as node from "./inflate.node.ts";

export const inflate: typeof node.inflate = async (packed, size, name) => {
  const damaged = (found: string): FormatError =>
    new FormatError(name, "the packed bytes", `${size} once unpacked`, found);
  const bytes = new Uint8Array(size);
  let length = 0;
  try {
    for await (const chunk of unpack(one(packed), "deflate-raw")) {
      if (length + chunk.length > size) throw damaged("more");
      bytes.set(chunk, length);
      length += chunk.length;
    }
  } catch (cause) {
    throw cause instanceof FormatError ? cause : damaged(reasonOf(cause));
  }
  if (length !== size) throw damaged(`${length}`);
  return bytes;
};

export const gunzip: typeof node.gunzip = async function* (packed, name) {
  try {
    yield* unpack(packed, "gzip");
  } catch (cause) {
    throw cause instanceof FormatError
      ? cause
      : new FormatError(name, "the file", "a whole gzip file", reasonOf(cause));
  }
};

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

async function* unpack(
  packed: AsyncIterable<Uint8Array>,
  format: CompressionFormat,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = packed[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await source.next();
      // Shared memory is refused, and a view of other memory is copied out of it.
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    async cancel() {
      await source.return?.(undefined);
    },
  });
  const reader = stream.pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
