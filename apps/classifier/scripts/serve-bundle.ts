import { createReadStream, existsSync } from "node:fs";
import { join, normalize, resolve } from "node:path";
import type { Connect, Plugin } from "vite";

/**
 * Serves a folder at `/model/` while developing, where `featuremap serve` puts the bundle.
 *
 * @param folder the bundle; relative to this package
 */
export function serveBundle(folder: string): Plugin {
  const root = resolve(import.meta.dirname, "..", folder);
  const handler: Connect.NextHandleFunction = (request, response, next) => {
    const path = new URL(request.url ?? "/", "http://page").pathname;
    if (!path.startsWith("/model/")) return next();
    const file = join(root, normalize(decodeURIComponent(path.slice("/model/".length))));
    response.setHeader("Content-Type", file.endsWith(".json") ? "application/json" : "application/octet-stream");
    if (file.startsWith(root) && existsSync(file)) {
      createReadStream(file).pipe(response);
    } else {
      response.statusCode = 404;
      response.end();
    }
  };
  return {
    name: "featuremap-serve-bundle",
    configureServer: (server) => void server.middlewares.use(handler),
    configurePreviewServer: (server) => void server.middlewares.use(handler),
  };
}
