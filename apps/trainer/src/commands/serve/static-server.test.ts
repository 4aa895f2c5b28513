import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type Server, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelFiles, pageFiles } from "./served-files.ts";
import { createStaticServer } from "./static-server.ts";

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

describe("createStaticServer", () => {
  const document = JSON.stringify({ weights: [{ file: "weights.safetensors" }] });
  const root = mkdtempSync(join(tmpdir(), "featuremap-static-"));
  let server: Server;

  beforeAll(async () => {
    const write = (path: string, text: string): void => {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    write("web/index.html", "<script>let a;</script><p>page</p>");
    write("web/assets/app-1a2b.js", "let x;");
    write("web/assets/engine.wasm", "\0asm");
    write("web/.hidden", "hidden");
    write("model/model.json", document);
    write("model/weights.safetensors", "weights");
    write("model/notes.txt", "secret");
    write("model/.env", "secret");
    write("model-of-another/model.json", "secret");
    write("secret.txt", "secret");
    symlinkSync(join(root, "secret.txt"), join(root, "web/link.txt"));
    symlinkSync(join(root, "secret.txt"), join(root, "model/link.safetensors"));
    const files = new Map([
      ...(await pageFiles(join(root, "web"))),
      ...(await modelFiles(join(root, "model/model.json"))),
    ]);
    server = createStaticServer(files, ["mybox", ".example.org"]);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(root, { recursive: true });
  });

  /** Not `fetch`, which tidies `..` away before it asks. */
  function ask(path: string, method = "GET", sent: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const asked = request({ port, host: "127.0.0.1", path, method, headers: sent, agent: false }, (response) => {
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
    ["/", "text/html", "<script>let a;</script><p>page</p>"],
    ["/?a=b", "text/html", "<script>let a;</script><p>page</p>"],
    ["/assets/app-1a2b.js", "text/javascript", "let x;"],
    ["/assets/engine.wasm", "application/wasm", "\0asm"],
    ["/model/model.json", "application/json", JSON.stringify({ weights: [{ file: "weights.safetensors" }] })],
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
    "/link.txt",
    "/model/notes.txt",
    "/model/.env",
    "/model/link.safetensors",
    "/model/MODEL.JSON/../notes.txt",
    "/%252e%252e/secret.txt",
    "/..%252fsecret.txt",
    "/model/..%c0%afsecret.txt",
    "/....//secret.txt",
    "//secret.txt",
    "/./../secret.txt",
    "http://localhost/../secret.txt",
    "/model/weights.safetensors/../../secret.txt",
    "/model/weights.safetensors%00.txt",
    `/${"a".repeat(12_000)}`,
    `/${"a".repeat(70_000)}`,
    "*",
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

  test.for(["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND"])(
    "only reading is allowed: %s",
    async (method) => {
      expect((await ask("/", method)).status).toBe(405);
    },
  );

  test("HEAD gives no body, and a range gives a part", async () => {
    expect(await ask("/", "HEAD")).toMatchObject({ status: 200, body: "" });
    const part = await ask("/model/weights.safetensors", "GET", { range: "bytes=2-4" });
    expect(part).toMatchObject({ status: 206, body: "igh" });
    expect((await ask("/model/weights.safetensors", "GET", { range: "bytes=99-" })).status).toBe(416);
    const many = Array.from({ length: 1000 }, () => "0-").join(",");
    expect(await ask("/model/weights.safetensors", "GET", { range: `bytes=${many}` })).toMatchObject({
      body: "weights",
    });
  });

  test.for([
    ["localhost", 200],
    ["LOCALHOST:4180", 200],
    ["featuremap.localhost", 200],
    ["127.0.0.1:4180", 200],
    ["[::1]:4180", 200],
    ["192.168.1.7", 200],
    ["mybox:80", 200],
    ["example.org", 200],
    ["deep.example.org", 200],
    ["evil.com", 403],
    ["evil.com:4180", 403],
    ["localhost.evil.com", 403],
    ["127.0.0.1.evil.com", 403],
    ["badexample.org", 403],
    ["mybox.evil.com", 403],
    ["localhost@evil.com", 403],
    ["[evil.com]", 403],
  ] as const)("asked as the host %j it answers %s", async ([host, status]) => {
    const answer = await ask("/", "GET", { host });
    expect(answer.status).toBe(status);
    expect(answer.body.includes("--allowed-hosts")).toBe(status === 403);
  });

  test("the page may run its own scripts, and a model nothing", async () => {
    const policy = (await ask("/")).headers["content-security-policy"];
    const hash = createHash("sha256").update("let a;").digest("base64");
    expect(policy).toContain(`script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}';`);
    expect(policy).not.toContain("unsafe-inline");
    expect((await ask("/assets/app-1a2b.js")).headers["content-security-policy"]).toBe(policy);
    const model = (await ask("/model/model.json")).headers;
    expect(model["content-security-policy"]).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
    expect(model["x-content-type-options"]).toBe("nosniff");
  });

  test("a file that is replaced by a link is no longer served", async () => {
    const [path, aside] = [join(root, "model/weights.safetensors"), join(root, "model/aside")];
    renameSync(path, aside);
    symlinkSync(join(root, "secret.txt"), path);
    expect(await ask("/model/weights.safetensors")).toMatchObject({ status: 404, body: "Not found.\n" });
    rmSync(path);
    renameSync(aside, path);
    expect((await ask("/model/weights.safetensors")).body).toBe("weights");
  });
});

test("a model whose weights link out of its folder is not served at all", async () => {
  const root = mkdtempSync(join(tmpdir(), "featuremap-static-"));
  mkdirSync(join(root, "model"));
  writeFileSync(join(root, "secret.safetensors"), "secret");
  symlinkSync(join(root, "secret.safetensors"), join(root, "model/weights.safetensors"));
  writeFileSync(join(root, "model/model.json"), JSON.stringify({ weights: [{ file: "weights.safetensors" }] }));
  await expect(modelFiles(join(root, "model/model.json"))).rejects.toMatchObject({ code: "INVALID_FORMAT" });
  rmSync(root, { recursive: true });
});
