import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type Server, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStaticServer } from "./static-server.ts";

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

describe("createStaticServer", () => {
  const root = mkdtempSync(join(tmpdir(), "featuremap-static-"));
  let server: Server;

  beforeAll(async () => {
    const write = (path: string, text: string): void => {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    write("web/index.html", "<p>page</p>");
    write("web/assets/app-1a2b.js", "let x;");
    write("web/assets/engine.wasm", "\0asm");
    write("web/.hidden", "hidden");
    write("model/model.json", "{}");
    write("model/weights.safetensors", "weights");
    write("model-of-another/model.json", "secret");
    write("secret.txt", "secret");
    server = createStaticServer([
      { prefix: "/", folder: join(root, "web") },
      { prefix: "/model/", folder: join(root, "model") },
    ]);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(root, { recursive: true });
  });

  /** Not `fetch`, which tidies `..` away before it asks. */
  function ask(path: string, method = "GET"): Promise<Answer> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const asked = request({ port, host: "127.0.0.1", path, method, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString(),
          }),
        );
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  test.for([
    ["/", "text/html", "<p>page</p>"],
    ["/?a=b", "text/html", "<p>page</p>"],
    ["/assets/app-1a2b.js", "text/javascript", "let x;"],
    ["/assets/engine.wasm", "application/wasm", "\0asm"],
    ["/model/model.json", "application/json", "{}"],
    ["/model/weights.safetensors", "application/octet-stream", "weights"],
  ] as const)("%s is served as %s", async ([path, type, body]) => {
    const answer = await ask(path);
    expect(answer).toMatchObject({ status: 200, body });
    expect(answer.headers["content-type"]).toContain(type);
  });

  test.for(["/", "/absent"])("%s comes with the headers that allow shared memory", async (path) => {
    expect((await ask(path)).headers).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
  });

  test.for([
    "/absent",
    "/.hidden",
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/model/../secret.txt",
    "/model/../model-of-another/model.json",
    "/model/%2e%2e/model-of-another/model.json",
    "/model/..%5csecret.txt",
    "/%00",
    "/%",
    "/model/",
  ])("%s is refused", async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body).not.toContain("secret");
  });

  test("only reading is allowed", async () => {
    expect((await ask("/", "POST")).status).toBe(405);
    expect(await ask("/", "HEAD")).toMatchObject({ status: 200, body: "" });
  });
});
