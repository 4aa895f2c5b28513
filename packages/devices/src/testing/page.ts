import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** A page on localhost that runs one module, built from the packages' own builds. */
export interface TestPage {
  readonly address: string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/**
 * Bundles a module as an application would, and serves it.
 *
 * @param entry file URL of the module
 * @param isolated whether the page is isolated from other origins, so that memory can be shared
 */
export async function servePage(entry: URL, isolated = true): Promise<TestPage> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    root: fileURLToPath(new URL("./", entry)),
    worker: { format: "es" },
    build: {
      write: false,
      target: "es2022",
      minify: false,
      modulePreload: false,
      rolldownOptions: { input: fileURLToPath(entry) },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ("output" in part ? part.output : []));
  const files = new Map<string, string | Uint8Array>(
    outputs.map((file) => [`/${file.fileName}`, file.type === "chunk" ? file.code : file.source]),
  );
  const main = outputs.find((file) => file.type === "chunk" && file.isEntry);
  files.set("/", `<!doctype html><script type="module" src="/${main?.fileName ?? ""}"></script>`);

  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const body = files.get(path);
    response.writeHead(body === undefined ? 404 : 200, {
      "Content-Type": types[extname(path) || ".html"] ?? "application/octet-stream",
      ...(isolated ? isolation : {}),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
