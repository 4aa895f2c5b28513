import { decodeImage } from "../decode/decode-image.ts";

/** In a worker: decodes each file that comes, and sends the bytes of its first row back. */
self.addEventListener("message", async ({ data: file }: MessageEvent<Uint8Array>) => {
  const { data, width, height } = await decodeImage(file);
  self.postMessage({ width, height, row: Array.from(data.subarray(0, width * 3)) });
});
