import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readFromFiles } from "./model-reader.ts";
import { openLocation as openInPage } from "./storage.browser.ts";
import { openLocation } from "./storage.node.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content);

let folder = "";
let server: Server;
let origin = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-read-"));
  await writeFile(join(folder, "model.json"), "document");
  await writeFile(join(folder, "w.safetensors"), "weights");
  server = createServer((request, response) => {
    if (request.url === "/m/model.json" || request.url === "/m/other.json?v=2") response.end("document");
    else if (request.url === "/m/w.safetensors" || request.url === "/m/w.safetensors?v=2") response.end("weights");
    else if (request.url === "/keyed/model.json?token=a%26b&x=1") response.end("document");
    else if (request.url === "/keyed/w.safetensors?token=a%26b&x=1") response.end("weights");
    else if (request.url === "/m/slow") response.writeHead(200, { "content-length": "9" }).write("begun");
    else if (request.url === "/m/broken") {
      response.writeHead(200, { "content-length": "9" }).write("begun", () => response.destroy());
    } else response.writeHead(404).end("not here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

describe("reading a folder", () => {
  test("starts at the folder, its model.json, or the same as a file address", async () => {
    for (const location of [folder, join(folder, "model.json"), pathToFileURL(folder), pathToFileURL(folder).href]) {
      const reader = await openLocation(location);
      expect(text(await reader.read("model.json", {}))).toBe("document");
      expect(text(await reader.read("w.safetensors", {}))).toBe("weights");
      expect(reader.describe("w.safetensors")).toBe(join(folder, "w.safetensors"));
    }
  });

  test("reports progress and an absent file", async () => {
    const reader = await openLocation(folder);
    const onProgress = vi.fn<(loaded: number, total: number | undefined) => void>();
    await reader.read("w.safetensors", { onProgress });
    expect(onProgress.mock.lastCall).toEqual([7, 7]);
    await expect(reader.read("other", {})).rejects.toThrow(`Cannot read ${join(folder, "other")}: no such file`);
    await expect(openLocation(join(folder, "none"))).rejects.toThrow("There is no bundle at");
  });

  test("stops when asked", async () => {
    const reader = await openLocation(folder);
    await expect(reader.read("model.json", { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ code: "ABORTED" }),
    );
  });
});

describe("reading an address", () => {
  test("starts at the folder or its document, in Node and in a page", async () => {
    for (const path of ["/m", "/m/", "/m/model.json", "/m/other.json?v=2"]) {
      for (const open of [openLocation, openInPage]) {
        const reader = await open(origin + path);
        expect(text(await reader.read("model.json", {}))).toBe("document");
        expect(text(await reader.read("w.safetensors", {}))).toBe("weights");
        expect(reader.describe("w.safetensors")).toBe(`${origin}/m/w.safetensors`);
      }
    }
  });

  test("carries the query along to the weights, and leaves it out of errors", async () => {
    for (const open of [openLocation, openInPage]) {
      for (const path of ["/keyed?token=a%26b&x=1", "/keyed/model.json?token=a%26b&x=1#part"]) {
        const reader = await open(origin + path);
        expect(text(await reader.read("model.json", {}))).toBe("document");
        expect(text(await reader.read("w.safetensors", {}))).toBe("weights");
        expect(reader.describe("w.safetensors")).toBe(`${origin}/keyed/w.safetensors`);
        await expect(reader.read("none", {})).rejects.toThrow(`${origin}/keyed/none answered with status 404`);
      }
    }
  });

  test("resolves a relative address against the page", async () => {
    vi.stubGlobal("document", { baseURI: `${origin}/index.html` });
    const reader = await openInPage("m/model.json");
    expect(text(await reader.read("model.json", {}))).toBe("document");
    vi.unstubAllGlobals();
    await expect(openInPage("m/model.json")).rejects.toThrow("location must be an address");
  });

  test("reports progress with the total that the server declares", async () => {
    const reader = await openLocation(`${origin}/m`);
    const onProgress = vi.fn<(loaded: number, total: number | undefined) => void>();
    await reader.read("w.safetensors", { onProgress });
    expect(onProgress.mock.calls).toEqual([
      [0, 7],
      [7, 7],
    ]);
  });

  test("says which address failed and how", async () => {
    const reader = await openLocation(`${origin}/m`);
    await expect(reader.read("none", {})).rejects.toThrow(`${origin}/m/none answered with status 404`);
    await expect(reader.read("broken", {})).rejects.toThrow(`Cannot fetch ${origin}/m/broken`);
    const unreachable = await openLocation("http://127.0.0.1:1/model.json");
    await expect(unreachable.read("model.json", {})).rejects.toThrow(
      expect.objectContaining({
        code: "UNAVAILABLE",
        message: expect.stringContaining("http://127.0.0.1:1/model.json"),
      }),
    );
  });

  test("stops in the middle of a download", async () => {
    const reader = await openLocation(`${origin}/m`);
    const controller = new AbortController();
    const onProgress = (loaded: number): void => {
      if (loaded > 0) controller.abort();
    };
    await expect(reader.read("slow", { signal: controller.signal, onProgress })).rejects.toThrow(
      expect.objectContaining({ code: "ABORTED" }),
    );
  });
});

describe("reading files at hand", () => {
  test("finds the bundle in a dropped folder, from bytes and blobs", async () => {
    const reader = readFromFiles(
      new Map<string, Uint8Array | Blob>([
        ["mnist/model.json", bytesOf("document")],
        ["mnist/w.safetensors", new Blob(["weights"])],
      ]),
    );
    expect(text(await reader.read("model.json", {}))).toBe("document");
    expect(text(await reader.read("w.safetensors", {}))).toBe("weights");
    await expect(reader.read("other", {})).rejects.toThrow("The bundle's file mnist/other is missing");
  });

  test.for([[[]], [["a/model.json", "b/model.json"]], [["my-model.json"]]])("refuses the files %j", ([names = []]) => {
    const files = new Map(names.map((name) => [name, bytesOf("")]));
    expect(() => readFromFiles(files)).toThrow(expect.objectContaining({ code: "INVALID_FORMAT" }));
  });

  test("says so when a file can no longer be read", async () => {
    const blob = new Blob(["document"]);
    blob.arrayBuffer = () => Promise.reject(new Error("gone"));
    const reader = readFromFiles(new Map([["model.json", blob]]));
    await expect(reader.read("model.json", {})).rejects.toThrow("Cannot read model.json");
  });
});
