import { truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HostArray } from "@featuremap/tensor";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { encodeSafetensors } from "./encode-safetensors.ts";
import { openSafetensors } from "./open-safetensors.ts";

const folder = temporaryFolder();
const shard = (tensors: Readonly<Record<string, number>>): Uint8Array =>
  encodeSafetensors(new Map(Object.entries(tensors).map(([name, value]) => [name, HostArray.from([value])])));
const indexOf = (map: object): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ metadata: { total_size: 12 }, weight_map: map }));

const indexName = "model.safetensors.index.json";
const files = new Map([
  [indexName, indexOf({ a: "one.safetensors", b: "two.safetensors", c: "one.safetensors" })],
  ["one.safetensors", shard({ a: 1, c: 3 })],
  ["two.safetensors", shard({ b: 2 })],
]);

const server = createServer((request, response) => {
  const content = files.get(new URL(request.url ?? "", "http://h").pathname.slice(1));
  response.statusCode = content === undefined ? 404 : 200;
  response.end(content);
});
let origin = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [name, content] of files) await writeFile(folder.path(name), content);
});
afterAll(() => server.close());

test("reads tensors of a file of several gigabytes one at a time", async () => {
  const length = 5 * 2 ** 30;
  const header = new TextEncoder().encode(
    JSON.stringify({
      first: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
      huge: { dtype: "U8", shape: [length], data_offsets: [4, 4 + length] },
      last: { dtype: "I8", shape: [2], data_offsets: [4 + length, 6 + length] },
    }),
  );
  const start = new Uint8Array(8 + header.length + 4);
  const view = new DataView(start.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  start.set(header, 8);
  view.setFloat32(8 + header.length, 1.5, true);
  const path = folder.path("large.safetensors");
  await writeFile(path, start);
  await truncate(path, start.length + length + 2);
  const store = await openSafetensors(path);
  expect(await store.tensors.get("first")?.read()).toEqual(Float32Array.of(1.5));
  expect(await store.tensors.get("last")?.read()).toEqual(new Float32Array(2));
  await store.close();
  const limited = openSafetensors(path, { limits: { weightsBytes: length } });
  await expect(limited).rejects.toThrow("at most 5368709120 bytes (limits.weightsBytes)");
});

test.for([
  ["a path", () => folder.path(indexName)],
  ["an address", () => `${origin}/${indexName}?key=1`],
  ["the files themselves", () => new Map([...files].map(([name, bytes]) => [`m/${name}`, bytes]))],
] as const)("reads shards by their index from %s", async ([, locate]) => {
  const store = await openSafetensors(locate());
  const values: Record<string, unknown> = {};
  for (const [name, tensor] of store.tensors) values[name] = [...(await tensor.read())];
  expect(values).toEqual({ a: [1], b: [2], c: [3] });
  await store.close();
});

test("tells of all shards together as they arrive, and holds them to one limit", async () => {
  const onProgress = vi.fn<(progress: { loadedBytes: number; totalBytes: number | undefined }) => void>();
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  await openSafetensors(`${origin}/${indexName}`, { onProgress });
  expect(onProgress.mock.lastCall).toEqual([{ loadedBytes: total, totalBytes: total }]);
  const limited = openSafetensors(`${origin}/${indexName}`, { limits: { weightsBytes: total - 1 } });
  await expect(limited).rejects.toThrow(`at most ${total - 1} bytes (limits.weightsBytes)`);
});

test("stops when it is told to", async () => {
  const options = { signal: AbortSignal.abort() };
  await expect(openSafetensors(`${origin}/${indexName}`, options)).rejects.toMatchObject({ code: "ABORTED" });
});

test.for<[string, ReadonlyMap<string, Uint8Array>, string]>([
  ["a shard that is missing", new Map([...files].slice(0, 2)), "The shard two.safetensors is missing"],
  ["a tensor that is missing", new Map(files).set("two.safetensors", shard({})), 'tensor "b" must be in it'],
  ["a tensor too many", new Map(files).set("two.safetensors", shard({ b: 2, d: 4 })), 'lists for it, found "d"'],
  ["a path out of the folder", new Map(files).set(indexName, indexOf({ a: "../one.safetensors" })), "a plain name"],
  ["an address", new Map(files).set(indexName, indexOf({ a: "http://h/x" })), "a plain name"],
  ["a file from the prototype", new Map(files).set(indexName, indexOf({ a: "__proto__" })), "__proto__ is missing"],
  [
    "no weight_map",
    new Map(files).set(indexName, new TextEncoder().encode("{}")),
    "weight_map must be files by tensor",
  ],
  ["no index", new Map([...files].slice(1)), "files with one that ends in .safetensors.index.json"],
])("refuses %s", async ([, given, message]) => {
  await expect(openSafetensors(given)).rejects.toThrow(message);
});

test.for([null, undefined, 1, {}, []])("refuses the location %s", async (location) => {
  await expect(Reflect.apply(openSafetensors, undefined, [location])).rejects.toMatchObject({ code: "INVALID_CONFIG" });
});

test("meets altered indexes and shards with its own errors and nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files.keys()),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (name, changes) => {
        const altered = (files.get(name) ?? new Uint8Array()).slice();
        for (const [at, byte] of changes) altered[at % altered.length] = byte;
        const code: unknown = await openSafetensors(new Map(files).set(name, altered)).then(
          () => "opened",
          (error: { code?: unknown }) => error.code,
        );
        expect(["opened", "INVALID_FORMAT", "UNAVAILABLE"]).toContain(code);
      },
    ),
    { numRuns: 300 },
  );
});
