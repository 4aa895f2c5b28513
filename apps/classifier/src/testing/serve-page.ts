import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const builtPage = fileURLToPath(new URL("../../dist/", import.meta.url));

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The built page, isolated from other origins, with folders of bundles beside it. */
export interface ServedPage {
  readonly address: string;
  close(): Promise<void>;
}

/** @param bundles folder by the name under which it is served: `model` is what the page loads first */
export async function servePage(bundles: Readonly<Record<string, string>>): Promise<ServedPage> {
  const server = createServer((request, response) => {
    const path = pathOf(request.url ?? "/");
    const [, first = "", ...rest] = path.split("/");
    const bundle = bundles[first];
    const file = bundle === undefined ? join(builtPage, path === "/" ? "index.html" : path) : join(bundle, ...rest);
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
    void sendFile(file, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => closeServer(server) };
}

/** A path that says nothing is one that nothing lies under. */
function pathOf(address: string): string {
  try {
    return decodeURIComponent(new URL(`http://page${address}`).pathname);
  } catch {
    return "/nothing";
  }
}

async function sendFile(file: string, response: ServerResponse): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() === true) {
    createReadStream(file).pipe(response);
  } else {
    response.statusCode = 404;
    response.end();
  }
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
