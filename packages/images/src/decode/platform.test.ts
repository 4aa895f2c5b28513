import { gzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { gunzip as inPage } from "./platform.browser.ts";
import { gunzip as inNode } from "./platform.node.ts";

afterEach(() => void vi.unstubAllGlobals());

test("a page and Node unpack the same where blobs have no stream, as in jsdom", async () => {
  const bytes = Uint8Array.from({ length: 9999 }, (_, index) => index % 251);
  const packed = new Uint8Array(gzipSync(bytes));
  vi.stubGlobal("Blob", undefined);
  expect(await inPage(packed)).toEqual(bytes);
  vi.stubGlobal("DecompressionStream", undefined);
  expect(await inNode(packed)).toEqual(bytes);
});
