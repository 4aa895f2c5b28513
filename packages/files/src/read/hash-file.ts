import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { checkKind } from "./read-file.ts";
import { throwIfAborted } from "./read-options.ts";
import { attempt } from "../system-error.ts";

/** Bytes read at once. */
const step = 2 ** 20;

/** How a file is told from another one. */
export type HashName = "sha256" | "md5";

/** The hash of a file of any length, in lower-case hexadecimal digits. */
export async function hashFile(path: string, name: HashName, signal: AbortSignal | undefined): Promise<string> {
  return attempt("read", path, async () => {
    checkKind(path, await stat(path));
    const file = await open(path, "r");
    try {
      const hash = createHash(name);
      const buffer = new Uint8Array(step);
      for (;;) {
        throwIfAborted(path, signal);
        const { bytesRead } = await file.read({ buffer, length: step });
        if (bytesRead === 0) return hash.digest("hex");
        hash.update(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  });
}
