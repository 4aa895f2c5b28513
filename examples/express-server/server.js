import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { digitOfImage, readImageHeader, readPicture } from "@featuremap/images";
import { loadClassifier } from "@featuremap/inference";
import express from "express";
import pLimit from "p-limit";

// An empty PORT is none, as in a shell.
const port = process.env.PORT || "3000";
if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) giveUp(`PORT is a number from 0 to 65535, not ${port}.`);

const largestFile = "5mb";
// A phone's photo has 12 million; each takes 4 bytes in memory, and time in which nobody else is answered.
const mostPixels = 16_000_000;
// SVG is not among them: a small one can take minutes to draw, whatever its size in pixels.
const kinds = ["JPEG", "PNG", "WebP", "GIF"];
// More at once would take more memory, and end no sooner: others wait, and still others are sent away.
const decode = pLimit(2);
const mostInHand = 16;

const classifier = await loadClassifier(fileURLToPath(new URL("model", import.meta.url)));

const app = express();
app.disable("x-powered-by");

app.get("/health", (_request, response) => {
  response.json({ device: classifier.device.description });
});

/** Requests that are received, wait or are computed; also those whose sender has gone meanwhile. */
const inHand = new Set();

app.post("/classify", async (request, response) => {
  if (inHand.size >= mostInHand) {
    response.set("Retry-After", "2");
    return fail(response, 503, "Too many pictures at once. Try again in two seconds.");
  }
  const work = classify(request, response);
  inHand.add(work);
  try {
    await work;
  } finally {
    inHand.delete(work);
  }
});

const readBody = promisify(express.raw({ type: "image/*", limit: largestFile }));

async function classify(request, response) {
  await readBody(request, response);
  const picture = request.body;
  if (!Buffer.isBuffer(picture) || picture.length === 0) {
    return fail(response, 415, "Send a picture as the body, with a Content-Type such as image/png.");
  }
  // What a file is, its bytes say: a sender can write anything into the header.
  if (!kinds.includes(readImageHeader(picture).kind?.name)) {
    return fail(response, 415, `Send one of ${kinds.join(", ")}.`);
  }
  await decode(async () => {
    if (response.destroyed) return;
    const pixels = await readPicture(new Blob([picture]), { picturePixels: mostPixels });
    const { predictions, milliseconds } = await classifier.classify(digitOfImage(pixels), { topK: 3 });
    response.json({ predictions, milliseconds });
  });
}

app.use((_request, response) => fail(response, 404, "POST a picture to /classify, or GET /health."));

// Express knows an error handler by its four parameters.
app.use((error, _request, response, _next) => {
  if (error.code === "INVALID_FORMAT") return fail(response, 400, error.message);
  if (error.code === "INVALID_CONFIG") return fail(response, 422, error.message);
  // Of Express itself, such as 413 for a body that is too large.
  if (error.expose) return fail(response, error.status, error.message);
  console.error(error);
  fail(response, 500, "Something went wrong.");
});

function fail(response, status, error) {
  // Reads the rest of the request, or else the client would be cut off before it hears why.
  response.req.resume();
  response.status(status).json({ error });
}

const server = app.listen(Number(port), (error) => {
  if (error) giveUp(`Cannot listen on port ${port}: ${error.message}. PORT chooses another.`);
  console.log(`Listening on http://localhost:${server.address().port}, on ${classifier.device.description}.`);
});
// Whoever sends slowly keeps others from being heard.
server.requestTimeout = 30_000;

function giveUp(why) {
  console.error(why);
  process.exit(1);
}

/** Answers what was asked already, then ends: what a container or a terminal asks for. */
function stop() {
  console.log("Stopping.");
  server.close(async () => {
    await Promise.allSettled(inHand);
    classifier.dispose();
  });
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
