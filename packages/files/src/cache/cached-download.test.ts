import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type FileToCheck, type WrongFile, cachedDownload } from "./cached-download.ts";

const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * index) % 251));
const sha256 = createHash("sha256").update(content).digest("hex");

/** The ranges that were asked for, one for each request. */
let asked: (string | undefined)[] = [];

/** What a server does, by path, with the first byte that is asked for. */
const answers: Record<string, (response: ServerResponse, from: number, request: IncomingMessage) => unknown> = {
  "/ranges.bin": sendRest,
  "/whole.bin": (response) => response.end(content),
  "/wrong.bin": (response) => response.end("another file"),
  "/endless.bin": (response) => response.write(content),
  "/breaks.bin": (response, from) => (from < 60_000 ? breakOff(response, from, 30_000) : sendRest(response, from)),
  "/dies.bin": (response) => response.writeHead(200, { "content-length": "9" }).flushHeaders(),
  "/other-range.bin": (response, from) => {
    if (from === 0) return response.end(content);
    return response.writeHead(206, { "content-range": "bytes 0-1/100000" }).end("ab");
  },
  "/stops.bin": (response, from) =>
    asked.length > 1
      ? sendRest(response, from)
      : response.writeHead(200, { "content-length": "100000" }).write(content.subarray(0, 40_000)),
  "/halts.bin": (response) =>
    response.writeHead(200, { "content-length": "100000" }).write(content.subarray(0, 40_000)),
};

function sendRest(response: ServerResponse, from: number): void {
  if (from >= content.length) response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
  else if (from === 0) response.writeHead(200, { "content-length": content.length }).end(content);
  else {
    const range = `bytes ${from}-${content.length - 1}/${content.length}`;
    response
      .writeHead(206, { "content-range": range, "content-length": content.length - from })
      .end(content.subarray(from));
  }
}

function breakOff(response: ServerResponse, from: number, count: number): void {
  const range = { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` };
  response.writeHead(from === 0 ? 200 : 206, {
    "content-length": content.length - from,
    ...(from === 0 ? {} : range),
  });
  // Once it has gone out, the line goes dead.
  response.write(content.subarray(from, from + count), () => setTimeout(() => response.destroy(), 50));
}

let server: Server;
let origin = "";
beforeAll(async () => {
  server = createServer((request, response) => {
    const { range } = request.headers;
    asked.push(range);
    const answer = answers[new URL(request.url ?? "", "http://localhost").pathname];
    if (answer === undefined) response.writeHead(404).end("not here");
    else answer(response, Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0), request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

let directory = "";
beforeEach(async () => {
  asked = [];
  directory = await mkdtemp(join(tmpdir(), "featuremap-cache-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

const download = (name: string, options: Partial<Parameters<typeof cachedDownload>[1]> = {}): Promise<string> =>
  cachedDownload(`${origin}/${name}`, { sha256, directory, ...options });

/** What a download that broke off had got. */
async function leavePart(bytes: Uint8Array): Promise<void> {
  await mkdir(join(directory, ".parts"));
  await writeFile(join(directory, ".parts", `${sha256}.part`), bytes);
}

async function expectArrived(path: string, ranges: readonly (string | undefined)[]): Promise<void> {
  expect(content.equals(await readFile(path))).toBe(true);
  expect(asked).toEqual(ranges);
  expect(await readdir(join(directory, ".parts"))).toEqual([]);
}

describe("a download", () => {
  test("is made once, with progress", async () => {
    const told: [number, number | undefined][] = [];
    const path = await download("ranges.bin", { onProgress: (loaded, total) => told.push([loaded, total]) });
    expect(path).toBe(join(directory, "ranges.bin"));
    expect([told[0], told.at(-1)]).toEqual([
      [0, 100_000],
      [100_000, 100_000],
    ]);
    expect(await download("ranges.bin", { sha256: sha256.toUpperCase() })).toBe(path);
    await expectArrived(path, [undefined]);
  });

  test("is made once by all who want it at the same time", async () => {
    const paths = await Promise.all([1, 2, 3].map(() => download("ranges.bin")));
    expect(new Set(paths).size).toBe(1);
    await expectArrived(paths[0] ?? "", [undefined]);
  });

  test("goes to the cache folder that the environment names, under a name of its own", async () => {
    vi.stubEnv("FEATUREMAP_CACHE", directory);
    const path = await cachedDownload(`${origin}/ranges.bin?key=1`, { sha256, name: "digits.bin" });
    expect(path).toBe(join(directory, "downloads", "digits.bin"));
  });

  test("asks for the rest where the server breaks off, as long as more comes each time", async () => {
    await expectArrived(await download("breaks.bin"), [undefined, "bytes=30000-", "bytes=60000-"]);
  });

  test("goes on after an abort where it was", async () => {
    const abort = new AbortController();
    const onProgress = (loaded: number): void => {
      if (loaded === 40_000) abort.abort();
    };
    await expect(download("halts.bin", { signal: abort.signal, onProgress })).rejects.toMatchObject({
      code: "ABORTED",
    });
    await expectArrived(await download("ranges.bin"), [undefined, "bytes=40000-"]);
  });

  test.for([
    ["whole.bin", ["bytes=500-"]],
    ["other-range.bin", ["bytes=500-", undefined]],
  ] as const)("begins anew where the server does not send the rest: %s", async ([name, ranges]) => {
    await leavePart(content.subarray(0, 500));
    await expectArrived(await download(name), ranges);
  });

  test.for([
    [content, ["bytes=100000-"]],
    [Buffer.alloc(100_000, 1), ["bytes=100000-", undefined]],
    [Buffer.alloc(100_001, 1), ["bytes=100001-", undefined]],
    [Buffer.alloc(500, 1), ["bytes=500-", undefined]],
  ] as const)("takes no part on trust", async ([part, ranges]) => {
    await leavePart(part);
    await expectArrived(await download("ranges.bin"), ranges);
  });

  test("begins anew where it is told to", async () => {
    await leavePart(content.subarray(0, 500));
    await expectArrived(await download("ranges.bin", { resume: false }), [undefined]);
  });
});

describe("other checksums and places", () => {
  const md5 = createHash("md5").update(content).digest("hex");
  const byMd5 = { sha256: undefined, md5 };

  test("a file is right by its MD5 where its publisher gives no other hash", async () => {
    const path = await download("ranges.bin", byMd5);
    expect(await download("missing.bin", { ...byMd5, name: "ranges.bin", md5: md5.toUpperCase() })).toBe(path);
    await writeFile(path, "mine");
    await expect(download("ranges.bin", byMd5)).rejects.toThrow(`its MD5 must be ${md5} (remove the file`);
    await expect(download("wrong.bin", byMd5)).rejects.toThrow(md5);
    await expect(download("missing.bin", byMd5)).rejects.toThrow(`${join(directory, "missing.bin")} (MD5 ${md5}).`);
  });

  test("any file of the name is right where its publisher gives no hash; no part of an earlier one is taken", async () => {
    const whole = await download("wrong.bin", { sha256: null });
    expect(await readFile(whole, "utf8")).toBe("another file");
    await writeFile(join(directory, "ranges.bin"), "mine");
    expect(await readFile(await download("ranges.bin", { sha256: null }), "utf8")).toBe("mine");
    const abort = new AbortController();
    const onProgress = (loaded: number): void => (loaded === 40_000 ? abort.abort() : undefined);
    const options = { sha256: null, signal: abort.signal, onProgress };
    asked = [];
    await expect(download("stops.bin", options)).rejects.toMatchObject({ code: "ABORTED" });
    await expectArrived(await download("stops.bin", { sha256: null }), [undefined, undefined]);
    await expect(download("missing.bin", { sha256: null })).rejects.toThrow(/put it at \S+missing\.bin\. The reason/);
  });

  test("where there is no hash, a check decides: a wrong download is not kept, a wrong file of a cache not taken", async () => {
    const check = async ({ size, read }: FileToCheck): Promise<WrongFile | undefined> =>
      size > 1 && (await read(0, 2)).join() === "0,1" ? undefined : { expected: "squares", found: "another" };
    const checked = { sha256: null, check, name: "squares.bin" };
    const start = `${origin}/wrong.bin: the file must be squares, found another; nothing of it was kept`;
    await expect(download("wrong.bin", checked)).rejects.toThrow(start);
    expect(await readdir(directory)).toEqual([".parts"]);
    expect(await readdir(join(directory, ".parts"))).toEqual([]);
    await expect(download("wrong.bin", { ...checked, sha256 })).rejects.toThrow(start);
    const theirs = join(directory, "theirs.bin");
    await writeFile(theirs, "another file");
    await writeFile(join(directory, "squares.bin"), "another file");
    asked = [];
    await expectArrived(await download("ranges.bin", { ...checked, alsoAt: [theirs, tmpdir()] }), [undefined]);
    expect(await download("missing.bin", checked)).toBe(join(directory, "squares.bin"));
    expect(await readFile(theirs, "utf8")).toBe("another file");
  });

  test("a right file in another program's cache is taken, a wrong one let be", async () => {
    const theirs = join(directory, "theirs.bin");
    await writeFile(theirs, content);
    const alsoAt = [join(directory, "none.bin"), tmpdir(), theirs];
    expect(await download("ranges.bin", { alsoAt })).toBe(theirs);
    expect(await download("ranges.bin", { ...byMd5, alsoAt })).toBe(theirs);
    expect(await download("ranges.bin", { sha256: null, alsoAt })).toBe(theirs);
    expect(asked).toEqual([]);
    await writeFile(theirs, content.subarray(1));
    expect(await download("ranges.bin", { alsoAt })).toBe(join(directory, "ranges.bin"));
    expect((await readFile(theirs)).length).toBe(content.length - 1);
  });
});

describe("what is refused", () => {
  test("a file of another checksum on the server; nothing of it stays", async () => {
    const error: unknown = await download("wrong.bin").catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "INVALID_FORMAT", source: `${origin}/wrong.bin` });
    expect(error).toMatchObject({ message: expect.stringContaining(sha256) });
    expect(await readdir(directory)).toEqual([".parts"]);
    expect(await readdir(join(directory, ".parts"))).toEqual([]);
  });

  test("a file of another checksum on the disk; it stays as it is", async () => {
    await writeFile(join(directory, "ranges.bin"), "mine");
    await expect(download("ranges.bin")).rejects.toMatchObject({
      code: "INVALID_FORMAT",
      message: expect.stringContaining(`${sha256} (remove the file to download it anew), found `),
    });
    expect(await readFile(join(directory, "ranges.bin"), "utf8")).toBe("mine");
    expect(asked).toEqual([]);
  });

  test("a file longer than the limit, whatever its server declares", async () => {
    for (const name of ["ranges.bin", "endless.bin"]) {
      await expect(download(name, { limit: 50_000 })).rejects.toThrow("at most 50000 bytes (limit)");
    }
    expect(await readdir(join(directory, ".parts"))).toEqual([]);
  });

  test.for([
    ["missing.bin", {}, "answered with status 404"],
    ["dies.bin", { patience: 0.2 }, "cachedDownload waits longer with a higher patience"],
  ] as const)("%s: one line says which file to put where", async ([name, options, reason]) => {
    const error: unknown = await download(name, options).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "UNAVAILABLE" });
    const start = `Cannot download ${origin}/${name}. Get it elsewhere and put it at ${join(directory, name)} (SHA-256 ${sha256}). The reason: `;
    const { message } = error as Error;
    expect(message.startsWith(start)).toBe(true);
    expect(message).toContain(reason);
    expect(message).not.toContain("\n");
  });

  test.for([
    ["sha256", { sha256: "abc" }],
    ["sha256", { sha256: undefined }],
    ["md5", { sha256: undefined, md5: sha256 }],
    ["md5", { md5: 3 }],
    ["alsoAt", { alsoAt: "path" }],
    ["check", { check: true }],
    ["alsoAt", { alsoAt: [""] }],
    ["name", { name: "../up" }],
    ["name", { name: ".." }],
    ["name", { name: "" }],
    ["directory", { directory: "" }],
    ["resume", { resume: 1 }],
    ["patience", { patience: 0 }],
  ] as const)("a wrong %s: %o", async ([option, wrong]) => {
    await expect(download("ranges.bin", wrong as object)).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
  });

  test("an address without a file's name, unless one is given", async () => {
    await expect(download("")).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "name" });
    await expect(cachedDownload("ftp://a/b", { sha256 })).rejects.toMatchObject({ option: "address" });
  });
});
