import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeKerasWeights } from "@featuremap/formats/keras";
import { HostArray, fingerprintOf } from "@featuremap/tensor";
import type { Model } from "@featuremap/layers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { MobileNet, VGG16, decodePredictions, findApplication, imagenetClasses } from "../index.ts";
import { findFile as findInPage } from "./find-file.browser.ts";
import { findFile } from "./find-file.node.ts";
import { classesOf } from "./imagenet-classes.ts";

const path = "tensorflow/keras-applications/mobilenet/mobilenet_2_5_128_tf_no_top.h5";
const small = { alpha: 0.25, includeTop: false, inputShape: [128, 128, 3] } as const;
const imagenet = { ...small, weights: "imagenet" } as const;

const printOf = async (model: Model): Promise<string> =>
  fingerprintOf((await model.getWeights()).map(({ data }) => data));

/** What the server has, and what it was asked for. */
const served = new Map<string, Uint8Array>();
let asked: string[] = [];
let server: Server;
let mirror = "";
let expected = "";
beforeAll(async () => {
  server = createServer((request, response) => {
    const [, place = ""] = /^\/keras\/(.*)$/.exec(request.url ?? "") ?? [];
    asked.push(place);
    const bytes = served.get(place);
    if (bytes === undefined) response.writeHead(403).end();
    else response.writeHead(200, { "content-length": bytes.length }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keras/`;
  const model = MobileNet({ ...small, seed: 1 });
  expected = await printOf(model);
  served.set(path, await encodeKerasWeights(model));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

let folder = "";
beforeEach(async () => {
  asked = [];
  folder = await mkdtemp(join(tmpdir(), "featuremap-keras-"));
  vi.stubEnv("FEATUREMAP_CACHE", join(folder, "cache"));
  vi.stubEnv("KERAS_HOME", join(folder, "keras"));
  vi.stubEnv("FEATUREMAP_KERAS_MIRROR", mirror);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function inKeras(name: string, bytes: Uint8Array | string): Promise<string> {
  await mkdir(join(folder, "keras", "models"), { recursive: true });
  const place = join(folder, "keras", "models", name);
  await writeFile(place, bytes);
  return place;
}

describe("a network with published weights", () => {
  test("downloads them once, with progress, and takes them from the cache then", async () => {
    const told: number[] = [];
    const onProgress = ({ loadedBytes }: { loadedBytes: number }): unknown => told.push(loadedBytes);
    const model = await MobileNet.load({ ...imagenet, seed: 2, onProgress });
    expect([model.name, await printOf(model)]).toEqual(["mobilenet_0.25_128", expected]);
    expect(told.at(-1)).toBe(served.get(path)?.length);
    expect(await printOf(await MobileNet.load({ ...imagenet, seed: 3 }))).toBe(expected);
    expect(asked).toEqual([path]);
    expect(await readFile(join(folder, "cache", "downloads", "keras", "mobilenet_2_5_128_tf_no_top.h5"))).toHaveLength(
      served.get(path)?.length ?? 0,
    );
  });

  test("takes what Keras itself has downloaded", async () => {
    await inKeras("mobilenet_2_5_128_tf_no_top.h5", served.get(path) ?? "");
    expect(await printOf(await MobileNet.load(imagenet))).toBe(expected);
    expect(asked).toEqual([]);
  });

  test("takes those of 224 x 224 for a size that was not published, and has their name", async () => {
    vi.stubEnv("FEATUREMAP_KERAS_MIRROR", "");
    const options = { ...imagenet, inputShape: [75, 80, 3], mirror } as const;
    await expect(MobileNet.load(options)).rejects.toThrow("mobilenet_2_5_224_tf_no_top.h5");
    served.set(path.replace("128", "224"), served.get(path) ?? new Uint8Array());
    expect((await MobileNet.load(options)).name).toBe("mobilenet_0.25_224");
  });

  test("says in a line which file to put where, and takes it from there", async () => {
    const cacheDirectory = join(folder, "mine");
    const options = { ...imagenet, mirror: `${mirror}closed`, cacheDirectory } as const;
    const error: unknown = await MobileNet.load(options).catch((cause: unknown) => cause);
    const place = join(cacheDirectory, "mobilenet_2_5_128_tf_no_top.h5");
    const start = `Cannot download ${mirror}closed/${path}. Get it elsewhere and put it at ${place}. The reason: `;
    expect(error).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining(start) });
    expect((error as Error).message).not.toContain("\n");
    await writeFile(place, served.get(path) ?? "");
    expect(await printOf(await MobileNet.load(options))).toBe(expected);
  });

  test("takes nothing that is no whole file of HDF5, from a server or from a cache, and keeps none", async () => {
    const whole = served.get(path) ?? new Uint8Array();
    const page = new TextEncoder().encode("<!DOCTYPE html><p>Log in, please.</p>");
    for (const [bytes, found] of [
      [page, "a web page"],
      [new Uint8Array(), "an empty one"],
      [whole.subarray(0, 5000), `5000 bytes of ${whole.length}`],
    ] as const) {
      served.set(`page/${path}`, bytes);
      const message = `${mirror}page/${path}: the file must be a whole HDF5 file, found ${found}`;
      const options = { ...imagenet, mirror: `${mirror}page` };
      await expect(MobileNet.load(options)).rejects.toThrow(`${message}; nothing of it was kept.`);
      const file = { path: `page/${path}`, name: "a.h5", hash: undefined };
      await expect(findInPage("load", file, { mirror })).rejects.toThrow(`${message}.`);
      await inKeras("mobilenet_2_5_128_tf_no_top.h5", bytes);
    }
    expect(await printOf(await MobileNet.load(imagenet))).toBe(expected);
    await writeFile(join(folder, "cache", "downloads", "keras", "mobilenet_2_5_128_tf_no_top.h5"), page);
    expect(await printOf(await MobileNet.load(imagenet))).toBe(expected);
  });

  test("refuses a file of another network, and says how to get the right one", async () => {
    const place = await inKeras("mobilenet_5_0_128_tf_no_top.h5", served.get(path) ?? "");
    const message = `${place}: the file must be weights of mobilenet_0.50_128 (remove it to download it anew), found another: `;
    const error: unknown = await MobileNet.load({ ...imagenet, alpha: 0.5 }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "INVALID_FORMAT", source: place, message: expect.stringContaining(message) });
    expect((error as Error).message).toContain("conv1");
  });

  test("is the base of an application", async () => {
    const network = findApplication("mobilenet");
    const model = await network
      .load?.({ inputShape: [224, 224, 3], classes: 3, weights: served.get(path) ?? "" })
      .catch((cause: unknown) => cause);
    // Of another width.
    expect(model).toMatchObject({ code: "INVALID_FORMAT" });
    await expect(network.load?.({ classes: 3 })).rejects.toThrow("mobilenet_1_0_224_tf_no_top.h5");
    expect(findApplication("n1").load).toBeUndefined();
  });

  test.for<[object, string]>([
    [{ mirror: 3 }, "mirror"],
    [{ mirror: "ftp://a" }, "mirror"],
    [{ cacheDirectory: "" }, "cacheDirectory"],
    [{ signal: 1 }, "signal"],
    [{ onProgress: 1 }, "onProgress"],
    [{ weights: new Uint8Array(8), mirror: "http://a" }, "mirror"],
    [{ weights: "a.h5", cacheDirectory: "a" }, "cacheDirectory"],
    [{ weights: "a.h5", includeTop: true, classifierActivation: "relu" }, "classifierActivation"],
    [{ classes: 10, includeTop: true }, "classes"],
  ])("refuses %o", async ([options, option]) => {
    const given = { ...imagenet, ...options } as unknown as Parameters<typeof MobileNet.load>[0];
    await expect(MobileNet.load(given)).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
  });

  test.for([null, "imagenet", ["imagenet"]])("refuses %j for options, and no weights", async (options) => {
    await expect(MobileNet.load(options as never)).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "options" });
    await expect(findApplication("mobilenet").load?.(options as never)).rejects.toMatchObject({ option: "options" });
    await expect(MobileNet.load({ ...small, weights: null as never })).rejects.toMatchObject({
      code: "INVALID_CONFIG",
    });
  });

  test("takes published weights unless others are given", async () => {
    await expect(MobileNet.load()).rejects.toThrow("mobilenet_1_0_224_tf.h5");
    expect(await printOf(await MobileNet.load(small))).toBe(expected);
  });

  test("names hash and address of a file that has them", async () => {
    const message =
      /vgg16\/vgg16_weights_tf_dim_ordering_tf_kernels_notop\.h5\. Get .+ \(MD5 6d6bbae143d832006294945121d1f1fc\)/;
    await expect(VGG16.load({ weights: "imagenet", includeTop: false })).rejects.toThrow(message);
  });
});

describe("a file with a hash", () => {
  const bytes = new Uint8Array(5000).fill(7);
  const file = { path: "a/b.bin", name: "c.bin", hash: createHash("md5").update(bytes).digest("hex") };

  test.for(["md5", "sha256"])("is compared with its %s, on its way and in Keras's folder", async (algorithm) => {
    const hash = createHash(algorithm).update(bytes).digest("hex");
    served.set(file.path, bytes.subarray(1));
    await expect(findFile("load", { ...file, hash }, {})).rejects.toMatchObject({ code: "INVALID_FORMAT" });
    served.set(file.path, bytes);
    await inKeras("c.bin", bytes.subarray(1));
    expect(await findFile("load", { ...file, hash }, {})).toBe(join(folder, "cache", "downloads", "keras", "c.bin"));
    vi.stubEnv("FEATUREMAP_CACHE", join(folder, "other"));
    const theirs = await inKeras("c.bin", bytes);
    expect(await findFile("load", { ...file, hash }, {})).toBe(theirs);
  });

  test.runIf(process.platform === "linux")("is found without a home, in the folder that is named", async () => {
    for (const name of ["HOME", "XDG_CACHE_HOME", "FEATUREMAP_CACHE", "KERAS_HOME"]) vi.stubEnv(name, "");
    served.set(file.path, bytes);
    const refusal = { code: "UNAVAILABLE", message: expect.stringContaining("Set FEATUREMAP_CACHE to a folder") };
    await expect(findFile("load", file, {})).rejects.toMatchObject(refusal);
    vi.stubEnv("FEATUREMAP_CACHE", join(folder, "cache"));
    expect(await findFile("load", file, {})).toBe(join(folder, "cache", "downloads", "keras", "c.bin"));
    vi.stubEnv("FEATUREMAP_CACHE", "");
    vi.stubEnv("KERAS_HOME", join(folder, "keras"));
    expect(await findFile("load", file, {})).toBe(join(folder, "keras", "models", "c.bin"));
  });

  test("comes to a page from the network alone", async () => {
    served.set(file.path, bytes);
    expect(await findInPage("load", file, { mirror })).toEqual(bytes);
    const error: unknown = await findInPage("load", { ...file, path: "a/none.bin" }, { mirror }).catch(
      (cause: unknown) => cause,
    );
    const start = `Cannot download ${mirror}a/none.bin. Put c.bin at a/none.bin of a server that lets this page read`;
    expect(error).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining(start) });
    await expect(findInPage("load", file, { mirror: "models" })).rejects.toMatchObject({ option: "mirror" });
  });
});

describe("ImageNet's classes", () => {
  const index = Object.fromEntries(
    Array.from({ length: 1000 }, (_, place) => [place, [`n${place}`, `class_${place}`]]),
  );
  const file = { path: "classes.json", name: "classes.json", hash: undefined };
  const serve = (value: unknown): unknown => served.set(file.path, new TextEncoder().encode(JSON.stringify(value)));

  test("are read from Keras's list", async () => {
    serve(index);
    const classes = await classesOf(file, {});
    expect([classes.length, classes[999]]).toEqual([1000, { synset: "n999", label: "class_999" }]);
  });

  test.for<[string, unknown]>([
    ["an empty list", []],
    ["one of one class", { 0: ["n0", "a"] }],
    ["one with a number for a name", { ...index, 7: ["n7", 7] }],
    ["one with a gap", { ...index, 7: null }],
  ])("are not %s", async ([, wrong]) => {
    serve(wrong);
    await expect(classesOf(file, {})).rejects.toMatchObject({ code: "INVALID_FORMAT" });
  });

  test("are asked for by their hash", async () => {
    const message =
      /download\.tensorflow\.org\/data\/imagenet_class_index\.json.+\(MD5 c2c37ea517e94d9795004a39431a14cb\)/;
    await expect(imagenetClasses()).rejects.toThrow(message);
    await expect(decodePredictions(new HostArray(new Float32Array(2000), [2, 1000]))).rejects.toThrow(message);
    await expect(imagenetClasses({ cache: "a" } as object)).rejects.toMatchObject({ option: "options" });
  });

  test.for<[HostArray, number, string]>([
    [new HostArray(new Float32Array(1000), [1000]), 5, "SHAPE_MISMATCH"],
    [new HostArray(new Float32Array(999), [1, 999]), 5, "SHAPE_MISMATCH"],
    [new HostArray(new Float32Array(1000), [1, 1000]), 0, "INVALID_CONFIG"],
    [new HostArray(new Float32Array(1000).fill(Number.NaN), [1, 1000]), 5, "INVALID_CONFIG"],
  ])("what is not as it must be is not decoded, %#", async ([predictions, top, code]) => {
    await expect(decodePredictions(predictions, top)).rejects.toMatchObject({ code });
  });
});
