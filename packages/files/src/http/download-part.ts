import { type FileHandle, open } from "node:fs/promises";
import { UnavailableError } from "@featuremap/tensor";
import { type FetchOptions, declaredLength, followResponse, refused } from "./follow-response.ts";
import { checkSize, throwIfAborted } from "../read/read-options.ts";
import { attempt } from "../system-error.ts";
import { flushFile } from "../write/flush-file.ts";

/** Times that a server which broke off is asked for the rest. */
const attempts = 5;

/** Bytes: what public data sets take, and less than what fills a disk unseen. */
const usualLimit = 2 ** 34;

/**
 * Downloads a file, or what of it a partial one lacks, and puts it on the disk. Asks again where the server breaks off.
 */
export async function downloadPart(address: string | URL, path: string, options: FetchOptions): Promise<void> {
  const bounded = { ...options, limit: options.limit ?? usualLimit };
  return attempt("write", path, async () => {
    const file = await open(path, "a+");
    try {
      for (let turn = 1; ; turn++) {
        const { size } = await file.stat();
        try {
          await appendRest(address, file, size, bounded);
          await flushFile(file);
          return;
        } catch (error) {
          const isOver = turn === attempts || (await file.stat()).size <= size;
          if (isOver || !(error instanceof UnavailableError)) throw error;
        }
      }
    } finally {
      await file.close();
    }
  });
}

/** Goes on after what the file has; from the start where the server sends nothing but the whole. */
async function appendRest(address: string | URL, file: FileHandle, have: number, options: FetchOptions): Promise<void> {
  const { signal, patience, leastRate } = options;
  // A compressed body would count other bytes than the file's.
  const headers = { "accept-encoding": "identity", ...(have > 0 ? { range: `bytes=${have}-` } : {}) };
  const request = { owner: "cachedDownload", headers, signal, patience, leastRate };
  const isDone = await followResponse(address, request, async (response, source, arrived) => {
    const [first, whole] = rangeOf(response.headers);
    if (response.status === 416 && whole === have) return true;
    // The server's file has no such part: it is another one than that of which a part is here.
    if (have > 0 && (response.status === 416 || (response.status === 206 && first !== have))) return false;
    if (!response.ok) throw refused(source, response);
    if (response.status !== 206) await file.truncate(0);
    await appendBody(response, source, file, { ...options, arrived });
    return true;
  });
  if (isDone) return;
  await file.truncate(0);
  await appendRest(address, file, 0, options);
}

async function appendBody(
  response: Response,
  source: string,
  file: FileHandle,
  { signal, onProgress, limit, arrived }: FetchOptions & { readonly arrived: (bytes: number) => void },
): Promise<void> {
  let loaded = (await file.stat()).size;
  const rest = declaredLength(response.headers);
  const total = rest === undefined ? undefined : loaded + rest;
  checkSize(source, total ?? 0, { limit });
  onProgress?.(loaded, total);
  for await (const chunk of response.body ?? []) {
    throwIfAborted(source, signal);
    arrived(chunk.length);
    loaded += chunk.length;
    checkSize(source, loaded, { limit });
    await attempt("write", "the download", () => file.appendFile(chunk));
    onProgress?.(loaded, total);
  }
  if (total !== undefined && loaded < total) throw new UnavailableError(`${source} broke off`, "Try again.");
}

/** The first byte and the length of the whole, as `Content-Range` gives them. */
function rangeOf(headers: Headers): [first: number | undefined, whole: number | undefined] {
  const [, first, whole] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  const number = (text: string | undefined): number | undefined =>
    text === undefined || text === "*" ? undefined : Number(text);
  return [number(first), number(whole)];
}
