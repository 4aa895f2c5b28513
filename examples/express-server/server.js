import { fileURLToPath } from "node:url";
import { digitOfImage, readPicture } from "@featuremap/images";
import { loadClassifier } from "@featuremap/inference";
import express from "express";

const port = Number(process.env.PORT ?? 3000);
const largestFile = "5mb";
const mostPixels = 25_000_000;

const classifier = await loadClassifier(fileURLToPath(new URL("model", import.meta.url)));

const app = express();
app.disable("x-powered-by");

app.get("/health", (_request, response) => {
  response.json({ device: classifier.device.description });
});

app.post("/classify", express.raw({ type: "image/*", limit: largestFile }), async (request, response) => {
  if (!Buffer.isBuffer(request.body) || request.body.length === 0) {
    return fail(response, 415, "Send a picture as the body, with a Content-Type such as image/png.");
  }
  const pixels = await readPicture(new Blob([request.body]), { picturePixels: mostPixels });
  const { predictions, milliseconds } = await classifier.classify(digitOfImage(pixels), { topK: 3 });
  response.json({ predictions, milliseconds });
});

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

const server = app.listen(port, (error) => {
  if (error) throw error;
  console.log(`Listening on http://localhost:${server.address().port}, on ${classifier.device.description}.`);
});

/** Answers what was asked already, then ends: what a container or a terminal asks for. */
function stop() {
  console.log("Stopping.");
  server.close(() => classifier.dispose());
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
