import { realpath } from "node:fs/promises";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { basename, dirname } from "node:path";
import { printable } from "@featuremap/tensor";
import send from "send";
import { isAllowedHost } from "./allowed-hosts.ts";
import type { ServedFiles } from "./served-files.ts";

/**
 * Shared memory, and so threads, are for pages that are isolated from other origins; the first two together do that.
 * The rest keeps files from being taken for what they are not.
 */
const headers: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
};

/** Characters of a host's name in an answer: DNS has no longer ones. */
const longestHost = 253;

/**
 * An HTTP server of the files that are listed, for reading only.
 *
 * @param allowedHosts names, besides localhost and addresses in numbers, under which it may be asked
 */
export function createStaticServer(files: ServedFiles, allowedHosts: readonly string[] = []): Server {
  return createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const { host } = request.headers;
    if (!isAllowedHost(host, allowedHosts)) {
      const name = printable(host ?? "", longestHost);
      return answer(
        response,
        403,
        `The host "${name}" is not allowed here; featuremap serve --allowed-hosts allows it.`,
      );
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return answer(response, 405, "Only GET and HEAD are answered here.");
    }
    void sendFile(request, response, files);
  });
}

async function sendFile(request: IncomingMessage, response: ServerResponse, files: ServedFiles): Promise<void> {
  const file = files.get(addressOf(request));
  // A link that was put in the file's place since is not followed.
  const isThere = file !== undefined && (await realpath(file.path).catch(() => undefined)) === file.path;
  if (!isThere) return answer(response, 404, "Not found.");
  response.setHeader("Content-Security-Policy", file.policy);
  const name = `/${encodeURIComponent(basename(file.path))}`;
  send(request, name, { root: dirname(file.path), dotfiles: "allow", index: false, maxAge: 0 })
    .on("error", (error: { readonly status?: number }) => {
      const status = error.status ?? 500;
      answer(response, status, status === 404 ? "Not found." : "This address cannot be served.");
    })
    .pipe(response);
}

/** What comes before the query, decoded; empty, which no file has, where that is not possible. */
function addressOf({ url = "/" }: IncomingMessage): string {
  const [path = "/"] = url.split("?", 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return "";
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end(`${text}\n`);
}
