import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "@featuremap/files";
import { plainPreprocessing } from "@featuremap/images";
import { AveragePooling2D, Dense, Flatten, GlobalAveragePooling2D, Sequential, UpSampling2D } from "@featuremap/layers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { loadBundle } from "./load-bundle.ts";
import { encodeBundle } from "./save-bundle.ts";

type Files = Map<string, Uint8Array>;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

let files: Files;
let folder = "";
beforeAll(async () => {
  const model = new Sequential([new Flatten({ inputShape: [4, 4, 1] }), new Dense({ units: 2 })]);
  const description = { preprocessing: plainPreprocessing([4, 4], "grayscale"), labels: ["a", "b"] };
  files = new Map<string, Uint8Array>(await encodeBundle(model, description));
  folder = await mkdtemp(join(tmpdir(), "featuremap-limits-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The bundle with other fields in `model.json`. */
function withFields(fields: object): Files {
  const document: object = JSON.parse(new TextDecoder().decode(files.get("model.json")));
  return new Map(files).set("model.json", encode(JSON.stringify({ ...document, ...fields })));
}

describe("loadBundle", { timeout: 10_000 }, () => {
  test("takes a bundle at its limits, and not above", async () => {
    const sizes = {
      documentBytes: files.get("model.json")?.length,
      weightsBytes: files.get("weights.safetensors")?.length,
    };
    const limits = { ...sizes, pixels: 16, calls: 3, elements: 34, operations: 82 };
    expect((await loadBundle(files, { limits })).labels).toEqual(["a", "b"]);
    for (const [name, limit] of Object.entries(limits)) {
      const lower = { ...limits, [name]: (limit ?? 0) - 1 };
      await expect(loadBundle(files, { limits: lower })).rejects.toMatchObject({ code: "INVALID_FORMAT" });
    }
    await expect(loadBundle(files, { limits: { ...limits, pixels: 15 } })).rejects.toThrow(
      "preprocessing.size must be at most 15 pixels (limits.pixels), found 4 x 4",
    );
  });

  test("holds no weight that a file holds to the elements of a pass, and warns of what it would refuse", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const preprocessing = plainPreprocessing([4, 4], "grayscale");
    const description = { preprocessing, labels: Array.from({ length: 30 }, (_, index) => `${index}`) };
    const wide = new Sequential([new Flatten({ inputShape: [4, 4, 1] }), new Dense({ units: 30 })]);
    const bundle = await encodeBundle(wide, description);
    expect((await loadBundle(bundle, { limits: { elements: 100 } })).model.countParams()).toBe(510);
    expect(warn).not.toHaveBeenCalled();

    const layers = [
      new UpSampling2D({ size: 3000, inputShape: [4, 4, 1], name: "wide" }),
      new GlobalAveragePooling2D(),
    ];
    const large = new Sequential([...layers, new Dense({ units: 2 })], { name: "large" });
    for (let time = 0; time < 2; time++) await encodeBundle(large, { preprocessing, labels: ["a", "b"] });
    expect(warn.mock.calls).toEqual([
      [
        "encodeBundle: this bundle can only be loaded with higher limits, loadBundle(location, { limits }): the bundle: the output of layer large/wide must be of at most 120000000 elements (limits.elements), found 144000000.",
      ],
    ]);
    warn.mockRestore();
  });

  test.for([
    [{ limits: { pixel: 1 } }, "did you mean pixels?"],
    [{ limits: { pixels: "many" } }, "pixels must be a number of at least 1"],
    [{ limits: { calls: 0 } }, "calls must be a number of at least 1"],
    [{ limits: 7 }, "limits: options must be an object"],
    [{ limit: {} }, "did you mean limits?"],
    [{ signal: {} }, "signal must be an AbortSignal"],
    [{ onProgress: true }, "onProgress must be a function"],
  ] as const)("refuses the options %j", async ([options, message]) => {
    await expect(Reflect.apply(loadBundle, undefined, [files, options])).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining(message),
    });
  });

  test("refuses pictures of 16,000 squared", async () => {
    const preprocessing = plainPreprocessing([16_000, 16_000], "grayscale");
    await expect(loadBundle(withFields({ preprocessing }))).rejects.toThrow(
      "preprocessing.size must be at most 4194304 pixels (limits.pixels), found 16000 x 16000",
    );
  });

  test("refuses a bundle whose one call would take hours", async () => {
    const layers = [
      new AveragePooling2D({ poolSize: 1024, strides: 1, padding: "same", inputShape: [null, null, 1] }),
      new GlobalAveragePooling2D(),
      new Dense({ units: 2, activation: "softmax" }),
    ];
    const preprocessing = plainPreprocessing([2048, 2048], "grayscale");
    vi.spyOn(console, "warn").mockImplementationOnce(() => undefined);
    const slow = await encodeBundle(new Sequential(layers, { name: "slow" }), { preprocessing, labels: ["a", "b"] });
    const start = performance.now();
    await expect(loadBundle(slow)).rejects.toThrow(
      /operations of one pass must be at most 100000000000 \(limits\.operations\), found 43980\d+, .* slow\/average_pooling2d/,
    );
    expect(performance.now() - start).toBeLessThan(1000);
    expect((await loadBundle(slow, { limits: { operations: 5e12 } })).labels).toHaveLength(2);
  });

  test("refuses a model.json of gigabytes, and one that is not a regular file", async () => {
    const document = join(folder, "model.json");
    await writeFile(document, "");
    await truncate(document, 2.5 * 2 ** 30);
    const before = process.memoryUsage().rss;
    await expect(loadBundle(folder)).rejects.toThrow("size must be at most 67108864 bytes (limits.documentBytes)");
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
    await rm(document);
    if (existsSync("/dev/zero")) await symlink("/dev/zero", document);
    await expect(loadBundle(folder)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("refuses a model.json that a server sends without end", async () => {
    const chunk = Buffer.alloc(2 ** 16, " ");
    const server: Server = createServer((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const before = process.memoryUsage().rss;
    await expect(loadBundle(`http://127.0.0.1:${(server.address() as AddressInfo).port}/m`)).rejects.toThrow(
      "m/model.json: size must be at most 67108864 bytes (limits.documentBytes)",
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 29);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test("refuses a long safetensors header without a digest of the file", async () => {
    const weights = new Uint8Array(60_000_000);
    new DataView(weights.buffer).setBigUint64(0, 50_000_000n, true);
    // Its checksum is wrong, which would be the next to be found.
    await expect(loadBundle(new Map(files).set("weights.safetensors", weights))).rejects.toThrow(
      "header must be at most 10000000 bytes long, found 50000000",
    );
  });

  test.for([
    ["lists", `[${"[],".repeat(2_500_000)}[]]`],
    ["numbers", `[${"1,".repeat(2_500_000)}1]`],
    ["objects", `[${'{"a":{}},'.repeat(1_000_000)}{}]`],
  ] as const)("refuses millions of %s before they are made", async ([, list]) => {
    const document = encode(`{"labels":${list}}`);
    const before = process.memoryUsage().rss;
    await expect(loadBundle(new Map(files).set("model.json", document))).rejects.toThrow("of at most 2000000 values");
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
  });

  test("shows little of much text, with its control characters written out", async () => {
    const long = `\u001b[2J${"x".repeat(9_000_000)}`;
    const weights = encode(`        {${JSON.stringify(long)}:1}`);
    new DataView(weights.buffer).setBigUint64(0, BigInt(weights.length - 8), true);
    const entry = { name: "weights", file: "weights.safetensors", sha256: await sha256(weights) };
    for (const changed of [
      withFields({ labels: long }),
      withFields({ version: [long, [long]] }),
      withFields({ preprocessing: { size: long } }),
      withFields({ model: { class_name: long, config: {} } }),
      withFields({ weights: [{ name: "w", file: long, sha256: "" }] }),
      withFields({ weights: [entry] }).set("weights.safetensors", weights),
      new Map(files).set("model.json", encode(long)),
    ]) {
      const error: unknown = await loadBundle(changed).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "INVALID_FORMAT", message: expect.stringContaining("\\u001b[2J") });
      expect((error as Error).message.length).toBeLessThan(2100);
    }
  });
});

test("a million labels are written and read", { timeout: 60_000 }, async () => {
  const count = 1_000_000;
  const labels = Array.from({ length: count }, (_, index) => `class ${index}`);
  const model = new Sequential([new Flatten({ inputShape: [1, 1, 1] }), new Dense({ units: count })]);
  const preprocessing = plainPreprocessing([1, 1], "grayscale");
  const bundle = await loadBundle(await encodeBundle(model, { preprocessing, labels }));
  expect(bundle.labels.at(-1)).toBe("class 999999");
  expect(bundle.model.countParams()).toBe(2 * count);
});
