import { type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchWhole } from "./fetch-whole.ts";

/** What a server does, by path. */
const answers: Record<string, (response: ServerResponse) => unknown> = {
  "/good": (response) => response.end("content"),
  "/declares-much": (response) => response.writeHead(200, { "content-length": `${2 ** 40}` }).write("begun"),
  "/silent": () => {},
  "/stalls": (response) => response.writeHead(200).write("begun"),
  "/breaks": (response) => response.writeHead(200, { "content-length": "9" }).write("begun", () => response.destroy()),
  "/endless": (response) => {
    const chunk = Buffer.alloc(2 ** 16, 1);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", more);
    more();
  },
  "/bomb": (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(2 ** 26))),
};

let server: Server;
let origin = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    const answer = answers[pathname];
    if (answer === undefined) response.writeHead(404).end("not here");
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("fetchWhole", { timeout: 10_000 }, () => {
  test("reads a file up to the limit", async () => {
    expect(new TextDecoder().decode(await fetchWhole(`${origin}/good`, { limit: 7 }))).toBe("content");
    expect(await fetchWhole(new URL(`${origin}/good`))).toHaveLength(7);
  });

  test.for([
    ["/good", "size must be at most 6 bytes (limit), found 7 or more"],
    ["/declares-much", `found ${2 ** 40} or more`],
    ["/endless", "size must be at most 6 bytes"],
    ["/bomb", "size must be at most 6 bytes"],
  ] as const)("refuses more than the limit of %s", async ([path, message]) => {
    await expect(fetchWhole(origin + path, { limit: 6 })).rejects.toMatchObject({
      code: "INVALID_FORMAT",
      message: expect.stringContaining(message),
    });
  });

  test("does not keep what an endless answer or a bomb would take", async () => {
    const before = process.memoryUsage().rss;
    for (const path of ["/endless", "/bomb"]) {
      await expect(fetchWhole(origin + path, { limit: 2 ** 24 })).rejects.toMatchObject({ code: "INVALID_FORMAT" });
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28);
  });

  test.for(["/silent", "/stalls"])("gives up the server of %s", async (path) => {
    await expect(fetchWhole(origin + path, { patience: 0.2 })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining(`${origin}${path} sent nothing for 0.2 seconds`),
    });
  });

  test("says which address failed and how, without what its query holds", async () => {
    await expect(fetchWhole(`${origin}/none?token=secret`)).rejects.toThrow(
      `${origin}/none answered with status 404. Check the address.`,
    );
    await expect(fetchWhole(`${origin}/breaks`)).rejects.toThrow(`Cannot fetch ${origin}/breaks`);
    await expect(fetchWhole("http://user:secret@127.0.0.1:1/")).rejects.toThrow("Cannot fetch http://127.0.0.1:1/");
    await expect(fetchWhole("http://127.0.0.1:1/")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("stops when asked, before and in the middle", async () => {
    await expect(fetchWhole(`${origin}/good`, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
    const controller = new AbortController();
    const onProgress = (loaded: number): void => {
      if (loaded > 0) controller.abort();
    };
    const stopped = fetchWhole(`${origin}/stalls`, { signal: controller.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
  });
});
