import { readFile } from "node:fs/promises";
import { digitOfImage, readPicture } from "@featuremap/images";
import { loadClassifier } from "@featuremap/inference";

const largestFile = 4_000_000;
const mostPixels = 25_000_000;

/** What Vercel, Netlify, Deno and others call: a Request in, a Response out. */
export default { fetch: classify };

export async function classify(request) {
  if (request.method !== "POST") return refuse(405, "POST a picture.", { Allow: "POST" });
  if (!request.headers.get("Content-Type")?.startsWith("image/")) {
    return refuse(415, "Send a picture as the body, with a Content-Type such as image/png.");
  }
  // Hosts refuse larger bodies themselves; this also holds where there is no host.
  if (Number(request.headers.get("Content-Length")) > largestFile) return refuse(413, "At most 4 MB.");
  const picture = await request.blob();
  if (picture.size > largestFile) return refuse(413, "At most 4 MB.");
  try {
    const pixels = await readPicture(picture, { picturePixels: mostPixels });
    const { predictions, milliseconds } = await (await classifier()).classify(digitOfImage(pixels), { topK: 3 });
    return Response.json({ predictions, milliseconds });
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
