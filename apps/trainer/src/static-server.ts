import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import send from "send";

/** A folder and the address under which its files are found. */
export interface Mount {
  /** Begins and ends with a slash: "/" or "/model/". */
  readonly prefix: string;
  readonly folder: string;
}

/**
 * Shared memory, and so threads, are for pages that are isolated from other origins; both headers together do that.
 * The rest keeps files from being taken for what they are not.
 */
const headers: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

/**
 * An HTTP server of files: reading only, nothing above the folders, no hidden files.
 *
 * Of several mounts that fit an address, the longest prefix is taken.
 */
export function createStaticServer(mounts: readonly Mount[]): Server {
  const ordered = mounts.toSorted((a, b) => b.prefix.length - a.prefix.length);
  return createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return answer(response, 405, "Only GET and HEAD are answered here.");
    }
    const [path = "/"] = (request.url ?? "/").split("?", 1);
    const mount = ordered.find(({ prefix }) => path.startsWith(prefix));
    if (mount === undefined) return answer(response, 404, "Not found.");
    sendFile(request, response, mount.folder, path.slice(mount.prefix.length - 1));
  });
}

function sendFile(request: IncomingMessage, response: ServerResponse, root: string, path: string): void {
  send(request, path, { root, dotfiles: "ignore", maxAge: 0 })
    .on("error", (error: { readonly status?: number }) => {
      const status = error.status ?? 500;
      answer(response, status, status === 404 ? "Not found." : "This address cannot be served.");
    })
    .on("directory", () => answer(response, 404, "Not found."))
    .pipe(response);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end(`${text}\n`);
}
