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
  "/trickles": (response) => send(response, { bytes: 1, every: 20, times: Number.POSITIVE_INFINITY }),
  "/slow": (response) => send(response, { bytes: 40, every: 20, times: 40 }),
  "/thinks": (response) => setTimeout(() => send(response, { bytes: 40, every: 20, times: 10 }), 150),
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

/** Writes so many bytes every so many milliseconds, so many times. */
function send(
  response: ServerResponse,
  { bytes, every, times }: { bytes: number; every: number; times: number },
): void {
  let sent = 0;
  const timer = setInterval(() => {
    if (sent < times && !response.destroyed) response.write(Buffer.alloc(bytes, 1));
    if (++sent < times && !response.destroyed) return;
    clearInterval(timer);
    response.end();
  }, every);
}

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

  test("gives up a server that only trickles, and says how fast it was and what would take it", async () => {
    const message =
      /\/trickles sent [\d.]+ bytes per second for 0.2 seconds\. .* fetchWhole takes slower servers with a leastRate below 128\.$/;
    await expect(fetchWhole(`${origin}/trickles`, { patience: 0.2 })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringMatching(message),
    });
  });

  test("reads what comes slowly, takes its time, or is allowed to trickle", async () => {
    expect(await fetchWhole(`${origin}/slow`, { patience: 0.2, leastRate: 1000 })).toHaveLength(1600);
    expect(await fetchWhole(`${origin}/thinks`, { patience: 0.25, leastRate: 1000 })).toHaveLength(400);
    const controller = new AbortController();
    const onProgress = (loaded: number): void => {
      if (loaded > 20) controller.abort();
    };
    const trickling = { patience: 0.2, leastRate: 0, signal: controller.signal, onProgress };
    await expect(fetchWhole(`${origin}/trickles`, trickling)).rejects.toMatchObject({ code: "ABORTED" });
    expect(await fetchWhole(`${origin}/good`, { patience: Number.POSITIVE_INFINITY })).toHaveLength(7);
  });

  test.for([
    [{ patience: 0 }, "patience"],
    [{ leastRate: -1 }, "leastRate"],
    [{ leastRate: Number.NaN }, "leastRate"],
  ] as const)("refuses %j", async ([options, option]) => {
    await expect(fetchWhole(`${origin}/good`, options)).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
  });

  test("says which address failed and how, without what its query holds", async () => {
    await expect(fetchWhole(`${origin}/none?token=secret`)).rejects.toThrow(
      `${origin}/none answered with status 404. Check the address.`,
    );
    await expect(fetchWhole(`${origin}/breaks`)).rejects.toThrow(`Cannot fetch ${origin}/breaks`);
    await expect(fetchWhole("http://user:secret@127.0.0.1:1/")).rejects.toThrow(
      /^Cannot fetch http:\/\/127\.0\.0\.1:1\/(: \w+)?\. Check the address and the network\.$/,
    );
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
