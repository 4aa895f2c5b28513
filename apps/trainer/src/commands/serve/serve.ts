import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { serveOptions } from "../../options/commands/serve.ts";
import { readBundle } from "../../models/read-bundle.ts";
import { type ServedFiles, modelFiles, pageFiles } from "./served-files.ts";
import { createStaticServer } from "./static-server.ts";
import { webFolder } from "../../web-folder.ts";

/** What to serve, and where. */
export interface ServeOptions {
  /** Folder of a bundle, or its `model.json`; without one the page asks its user for a model. */
  readonly bundle?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  /** Name or address to listen on; the default is reached from this machine only. */
  readonly host?: string;
  /** Names under which it may be asked, besides localhost, `host` and addresses in numbers; ".name" allows all below it. */
  readonly allowedHosts?: readonly string[];
  /** The page's built files. */
  readonly web?: string;
}

/** A server that runs until it is closed. */
export interface RunningServer {
  /** What to open in a browser. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const { default: defaultHost } = serveOptions.host;

/**
 * Serves the web classifier, with the bundle under `/model/`.
 *
 * The bundle is checked first, so that a damaged one is told here and not in the page. Of its folder only its own files
 * are served.
 *
 * @throws {InvalidConfigError} the bundle is an address.
 * @throws {UnavailableError} the port is in use or not allowed, the page is not built, or the bundle is not there.
 * @throws {FormatError} the bundle is damaged, or a file of it links out of its folder.
 */
export async function serve({
  bundle,
  port = serveOptions.port.default,
  host = defaultHost,
  allowedHosts = [],
  web = webFolder,
}: ServeOptions): Promise<RunningServer> {
  if (!existsSync(join(web, "index.html"))) {
    throw new UnavailableError(`The page's files are not at ${web}`, "Build the project first: pnpm build");
  }
  const files = new Map([...(await pageFiles(web)), ...(await readModelFiles(bundle))]);
  const server = createStaticServer(files, [host, ...allowedHosts]);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(describeListenError(cause, host, port)));
    server.listen(port, host, resolve);
  });
  const actualPort = (server.address() as AddressInfo).port;
  const shownHost = host === defaultHost ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return {
    address: `http://${shownHost}:${actualPort}/`,
    port: actualPort,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readModelFiles(bundle: string | undefined): Promise<ServedFiles> {
  if (bundle === undefined) return new Map();
  if (/^https?:/i.test(bundle)) {
    throw new InvalidConfigError(
      "serve",
      "bundle",
      "a folder or its model.json (the page opens addresses itself)",
      bundle,
    );
  }
  const { model } = await readBundle(bundle);
  model.dispose();
  return modelFiles((await stat(bundle)).isDirectory() ? join(bundle, "model.json") : bundle);
}

function describeListenError(cause: Error, host: string, port: number): UnavailableError {
  const code = "code" in cause ? cause.code : undefined;
  if (code === "EADDRINUSE") {
    return new UnavailableError(`Port ${port} is in use`, "Choose another with --port; 0 takes any free one.", {
      cause,
    });
  }
  if (code === "EACCES") {
    return new UnavailableError(`Port ${port} is not allowed here`, "Choose one above 1023 with --port.", { cause });
  }
  return new UnavailableError(
    `Cannot listen on ${host}:${port} (${cause.message})`,
    "Choose others with --host and --port.",
    {
      cause,
    },
  );
}
