import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runProcess } from "../processes.mjs";

interface Document {
  readonly versions: Record<string, unknown>;
  readonly "dist-tags": Record<string, string>;
}

/** A registry that keeps what `npm publish` sends. */
const documents = new Map<string, Document>();
const order: string[] = [];

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces).toString();
}

const server = createServer((request, response) => {
  void (async () => {
    const name = decodeURIComponent((request.url ?? "").slice(1).split("?", 1)[0] ?? "");
    const known = documents.get(name);
    if (request.method === "PUT") {
      const sent = JSON.parse(await bodyOf(request)) as Document;
      documents.set(name, {
        versions: { ...known?.versions, ...sent.versions },
        "dist-tags": { ...known?.["dist-tags"], ...sent["dist-tags"] },
      });
      order.push(`${name}@${Object.keys(sent.versions).join()} ${Object.keys(sent["dist-tags"]).join()}`);
      response.writeHead(201, { "content-type": "application/json" }).end("{}");
    } else {
      const answer = known === undefined ? "{}" : JSON.stringify({ name, ...known });
      response.writeHead(known === undefined ? 404 : 200, { "content-type": "application/json" }).end(answer);
    }
  })();
});

let port = 0;
const folder = mkdtempSync(join(tmpdir(), "publish-"));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  documents.clear();
  order.length = 0;
});

/** Publishes packages that hold nothing but a manifest, as the release workflow does. */
async function publish(
  packages: readonly { readonly name: string; readonly version: string }[],
  more: NodeJS.ProcessEnv = {},
) {
  const packed = [];
  for (const { name, version } of packages) {
    const file = `${name}-${version}.tgz`;
    mkdirSync(join(folder, "package"), { recursive: true });
    writeFileSync(join(folder, "package", "package.json"), JSON.stringify({ name, version }));
    await runProcess("tar", ["-czf", file, "package"], { cwd: folder, capture: true });
    packed.push({ name, version, file });
  }
  writeFileSync(join(folder, "packed.json"), JSON.stringify(packed));
  const env = {
    ...process.env,
    npm_config_registry: `http://127.0.0.1:${port}/`,
    [`npm_config_//127.0.0.1:${port}/:_authToken`]: "none",
    ...more,
  };
  return runProcess(process.execPath, [join(import.meta.dirname, "publish.mjs"), folder], { env, capture: true });
}

describe("publishing", () => {
  const packages = [
    { name: "first", version: "0.1.0" },
    { name: "second", version: "0.1.0" },
  ];

  test("goes in the given order, passes over what is there, and never gives latest to an older version", async () => {
    documents.set("first", { versions: { "0.1.0": {} }, "dist-tags": { latest: "0.1.0" } });
    documents.set("second", { versions: { "0.2.0": {} }, "dist-tags": { latest: "0.2.0" } });
    const { code, output } = await publish([...packages, { name: "third", version: "0.1.0" }]);
    expect(output).toContain("first@0.1.0 is there.");
    expect(order).toEqual(["second@0.1.0 release-0.1", "third@0.1.0 latest"]);
    expect(documents.get("second")?.["dist-tags"]).toEqual({ latest: "0.2.0", "release-0.1": "0.1.0" });
    expect(code).toBe(0);
  });

  test("publishes nothing if one of the packages would give latest to a prerelease", async () => {
    documents.set("first", { versions: { "0.1.0": {} }, "dist-tags": { latest: "0.1.0" } });
    const { code, output } = await publish(packages.map(({ name }) => ({ name, version: "0.1.1-canary.1" })));
    expect(output).toContain("publish a release first");
    expect(order).toEqual([]);
    expect(code).not.toBe(0);
  });

  test("does not begin a package on GitHub, where nobody is trusted with a name that does not exist", async () => {
    const { output } = await publish(packages, { ACTIONS_ID_TOKEN_REQUEST_URL: "http://127.0.0.1:1/" });
    expect(output).toContain("first was never published");
    expect(order).toEqual([]);
  });
});
