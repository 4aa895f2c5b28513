import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { digitOfImage, readImageHeader, readPicture } from "@featuremap/images";
import { loadClassifier } from "@featuremap/inference";
import pLimit from "p-limit";

const largestFile = 4_000_000;
// A phone's photo has 12 million; each takes 4 bytes in memory.
const mostPixels = 16_000_000;
// SVG is not among them: a small one can take minutes to draw, whatever its size in pixels.
const kinds = ["JPEG", "PNG", "WebP", "GIF"];
// Some hosts give an instance several requests at once: more would take more memory, and end no sooner.
const decode = pLimit(2);
const mostInHand = 16;

/** What Vercel, Netlify, Deno and others call: a Request in, a Response out. */
export default { fetch: classify };

let inHand = 0;

export async function classify(request) {
  if (inHand >= mostInHand) return refuse(503, "Too many pictures at once. Try again.", { "Retry-After": "2" });
  inHand += 1;
  try {
    return await answer(request);
  } finally {
    inHand -= 1;
  }
}

async function answer(request) {
  if (request.method !== "POST") return refuse(405, "POST a picture.", { Allow: "POST" });
  if (!/^image\//i.test(request.headers.get("Content-Type"))) {
    return refuse(415, "Send a picture as the body, with a Content-Type such as image/png.");
  }
  const picture = await readBody(request);
  if (picture === undefined) {
    // What was not read would be in the way of the connection's next request.
    const isRead = await Promise.race([drain(request.body), setTimeout(1000, false, { ref: false })]);
    return refuse(413, "At most 4 MB.", isRead ? {} : { Connection: "close" });
  }
  // What a file is, its bytes say: a sender can write anything into the header.
  if (!kinds.includes(readImageHeader(picture).kind?.name)) return refuse(415, `Send one of ${kinds.join(", ")}.`);
  try {
    return await decode(async () => {
      const pixels = await readPicture(new Blob([picture]), { picturePixels: mostPixels });
      const { predictions, milliseconds } = await (await classifier()).classify(digitOfImage(pixels), { topK: 3 });
      return Response.json({ predictions, milliseconds });
    });
  } catch (error) {
    if (error.code === "INVALID_FORMAT") return refuse(400, error.message);
    if (error.code === "INVALID_CONFIG") return refuse(422, error.message);
    console.error(error);
    return refuse(500, "Something went wrong.");
  }
}

function refuse(status, error, headers = {}) {
  return Response.json({ error }, { status, headers });
}

/** The body; or undefined, as soon as it is too large. */
async function readBody(request) {
  const chunks = [];
  let length = 0;
  // Cancelled, a stream may close the connection before the answer is sent.
  for await (const chunk of request.body?.values({ preventCancel: true }) ?? []) {
    length += chunk.length;
    if (length > largestFile) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads the rest, which nobody wants. @returns whether it came to its end */
async function drain(body) {
  try {
    for await (const chunk of body) void chunk;
    return true;
  } catch {
    return false;
  }
}

let loading;

/** The model: loaded once in each instance, by its first request; and by the next one, should that fail. */
function classifier() {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load() {
  // Hosts pack a file that they see being read like this.
  const description = await readFile(new URL("../model/model.json", import.meta.url));
  const weights = await readFile(new URL("../model/weights.safetensors", import.meta.url));
  const files = new Map([
    ["model.json", description],
    ["weights.safetensors", weights],
  ]);
  const loaded = await loadClassifier(files);
  console.log(`Loaded the model, on ${loaded.device.description}.`);
  return loaded;
}
