import { createHash } from "node:crypto";
import { ofOtherRealm } from "@featuremap/testing/other-realm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { sha256 } from "./sha256.ts";

afterEach(() => vi.unstubAllGlobals());

describe.for(["Web Crypto", "no Web Crypto, as on an insecure origin"])("sha256 with %s", (environment) => {
  test.for([0, 3, 64, 1_000])("digests %d bytes", async (length) => {
    if (environment !== "Web Crypto") vi.stubGlobal("crypto", {});
    const bytes = Uint8Array.from({ length }, (_, index) => index);
    const expected = createHash("sha256").update(bytes).digest("hex");
    for (const given of [bytes, ofOtherRealm(bytes)]) expect(await sha256(given)).toBe(expected);
  });

  test("digests a part of a buffer, and shared memory", async () => {
    if (environment !== "Web Crypto") vi.stubGlobal("crypto", {});
    const shared = new Uint8Array(new SharedArrayBuffer(8)).fill(7).subarray(2, 5);
    const expected = createHash("sha256")
      .update(Uint8Array.of(7, 7, 7))
      .digest("hex");
    expect(await sha256(shared)).toBe(expected);
    expect(await sha256(new Uint8Array(8).fill(7).subarray(2, 5))).toBe(expected);
  });
});
