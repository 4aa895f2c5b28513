import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomCrop, randomFlipLeftRight } from "@featuremap/images";
import { UnavailableError } from "@featuremap/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Dataset } from "../pipeline/dataset.ts";
import { type ImageRecipe, compactSource } from "./image-recipe.ts";
import { ImageWorkers, type Loaded } from "./image-workers.ts";
import { numberedBmp } from "./pictures.test-support.ts";
import { TaskQueue } from "./task-queue.ts";
import { startThread } from "./threads.node.ts";

let folder: string;
let files: { readonly path: string; readonly label: number }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-pictures-"));
  files = Array.from({ length: 24 }, (_, label) => ({ path: join(folder, `${label}.bmp`), label }));
  for (const { path, label } of files) await writeFile(path, numberedBmp(label, 8 + (label % 3), 6));
});
afterAll(() => rm(folder, { recursive: true }));

async function collect<T>(dataset: Dataset<T>): Promise<T[]> {
  const elements: T[] = [];
  for await (const element of dataset) elements.push(element);
  return elements;
}

const inThread = { workers: 0 };
const augmented = { operations: [randomFlipLeftRight(), randomCrop(4, 5)] };

describe("image workers", () => {
  test.for([
    ["in shared memory", { ...augmented, size: [6, 6] }],
    ["handed over", augmented],
    ["of different sizes", {}],
    ["in grey", { decode: { colorMode: "grayscale" }, size: [4, 4] }],
  ] as [string, ImageRecipe][])("give the same pictures with 0, 1 and 3 threads, in order; %s", async ([, recipe]) => {
    const isGrey = recipe.decode !== undefined;
    const results: Loaded<(typeof files)[number]>[][] = [];
    for (const count of [0, 1, 3]) {
      const workers = new ImageWorkers({ workers: count });
      const { concurrency } = workers;
      const dataset = Dataset.from(files).shuffle({ seed: 2 }).map(workers.load(recipe), { seed: 1, concurrency });
      results.push(await collect(dataset));
      await workers.close();
    }
    const [none = [], one, three] = results;
    expect(one).toEqual(none);
    expect(three).toEqual(none);
    expect(none.length).toBe(24);
    for (const { image, label } of none) expect(image.data[0]).toBe(isGrey ? image.data[0] : label);
    expect(new Set(none.map(({ image }) => image.data.join())).size).toBe(24);
  });

  test.for([0, 1])("give pixels that may be written to, though nothing became of them; %i threads", async (count) => {
    const workers = new ImageWorkers({ workers: count });
    const source = { data: Buffer.from([1, 2, 3]), width: 1, height: 1 };
    const examples = { size: 2, at: () => ({ image: source }) };
    const found = await collect(
      Dataset.from(examples)
        .map(workers.load())
        .map(({ image }) => {
          const level = image.data[0];
          image.data.fill(0);
          return level;
        }),
    );
    expect(found).toEqual([1, 1]);
    await workers.close();
  });

  test("read bytes, pixels and what contents give as well", async () => {
    const workers = new ImageWorkers({ workers: 1 });
    const image = { data: new Uint8Array([1, 2, 3]), width: 1, height: 1 };
    const examples = [{ image }, { path: "in an archive", contents: async () => numberedBmp(7, 1, 1) }];
    const [first, second] = await collect(Dataset.from<object>(examples).map(workers.load()));
    expect(first).toEqual({ image });
    expect(second).toEqual({ path: "in an archive", image: { data: new Uint8Array([7, 0, 0]), width: 1, height: 1 } });
    await workers.close();
  });

  const three = { data: new Uint8Array(3), width: 1, height: 1 };
  const junk: readonly unknown[] = [
    null,
    5,
    "x.bmp",
    [1, 2],
    new Map(),
    { ...three, width: 2 },
    { ...three, width: 0.5 },
  ];
  const examples: readonly unknown[] = [
    null,
    5,
    "x.bmp",
    {},
    { path: 5 },
    { file: 5 },
    { contents: 5 },
    ...junk.flatMap((given): object[] => [{ image: given }, { contents: async () => given }]),
  ];
  test.for([0, 1])("refuse what is not a picture; %i threads", async (count) => {
    const workers = new ImageWorkers({ workers: count });
    for (const example of examples as object[]) {
      const found = await collect(Dataset.from([example]).map(workers.load())).catch((error: unknown) => error);
      expect((found as { cause?: unknown }).cause).toMatchObject({
        code: expect.stringMatching(/^(INVALID_CONFIG|SHAPE_MISMATCH)$/),
        message: expect.stringContaining("ImageWorkers.load"),
      });
    }
    const bytes = numberedBmp(7, 1, 1);
    const [found] = await collect(Dataset.from([{ contents: async () => bytes.buffer as never }]).map(workers.load()));
    expect(found?.image.data[0]).toBe(7);
    await workers.close();
  });

  test("are sent a picture's own bytes, not the archive in which they lie", async () => {
    const archive = new Uint8Array(2 ** 20);
    const bmp = numberedBmp(9);
    archive.set(bmp, 1000);
    for (const whole of [archive, Buffer.from(archive.buffer)]) {
      const sources = [whole.subarray(1000, 1000 + bmp.length), { data: whole.subarray(0, 3), width: 1, height: 1 }];
      const [bytes, pixels] = sources.map((source) => compactSource(source)) as [Uint8Array, { data: Uint8Array }];
      expect([bytes, pixels]).toEqual(sources);
      expect([bytes.buffer.byteLength, pixels.data.buffer.byteLength]).toEqual([bmp.length, 3]);
    }
  });

  test.for([0, 2])("name the file that is damaged or absent; %i threads", async (count) => {
    const workers = new ImageWorkers({ workers: count });
    const load = async (path: string): Promise<unknown> =>
      collect(Dataset.from([{ path }]).map(workers.load())).catch((error: { cause: unknown }) => error.cause);
    const damaged = join(folder, "damaged.bmp");
    await writeFile(damaged, numberedBmp(1).subarray(0, 60));
    expect(await load(damaged)).toMatchObject({ code: "INVALID_FORMAT", message: expect.stringContaining(damaged) });
    const absent = join(folder, "absent.bmp");
    expect(await load(absent)).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining(absent) });
    expect(await load(files[0]?.path ?? "")).toMatchObject([{ image: { width: 8, height: 6 } }]);
    await workers.close();
  });

  test.for([0, 2])("ask for a seed where an operation draws; %i threads", async (count) => {
    const workers = new ImageWorkers({ workers: count });
    const dataset = Dataset.from(files).map(workers.load(augmented));
    await expect(collect(dataset)).rejects.toThrow("seed must be given for random operations");
    await workers.close();
  });

  test("hear of a recipe that cannot be at once", () => {
    const workers = new ImageWorkers(inThread);
    expect(() => workers.load({ operations: [{ name: "randomFlipLeftRigth", arguments: [] }] })).toThrow(
      "did you mean randomFlipLeftRight?",
    );
    for (const [option, recipe] of Object.entries({
      colorMode: { decode: { colorMode: "RGB" } },
      orientation: { decode: { orientation: "up" } },
      atLeast: { decode: { atLeast: 5 } },
      maxPixels: { decode: { maxPixels: "9" } },
      size: { size: [1e6, 1e6] },
    })) {
      const refused = expect.objectContaining({ code: "INVALID_CONFIG", option });
      expect(() => workers.load(recipe as unknown as ImageRecipe)).toThrow(refused);
    }
    expect(() => workers.load({}, { onNote: 5 as never })).toThrow("ImageWorkers.load: onNote must be a function");
    expect(() => workers.load({}, { onnote: () => {} } as never)).toThrow("did you mean onNote?");
    expect(() => workers.load({ size: [0, 1] })).toThrow("[height, width] in pixels, integers in [1, 16384]");
    expect(() => new ImageWorkers({ workers: -1 })).toThrow("workers must be an integer in [0, 256]");
  });

  test("closed, fail what is under way and what comes", async () => {
    const workers = new ImageWorkers({ workers: 2 });
    const dataset = Dataset.from(files).map(workers.load(), { concurrency: workers.concurrency });
    const pending = collect(dataset);
    await workers.close();
    await workers.close();
    await expect(pending).rejects.toThrow("they are closed");
    await expect(collect(dataset)).rejects.toThrow("they are closed");
  });

  test("leave alone what is not wanted any more", async () => {
    const workers = new ImageWorkers({ workers: 1 });
    const dataset = Dataset.from(files).map(workers.load(), { concurrency: 16 });
    const controller = new AbortController();
    const pending = dataset.iterate({ signal: controller.signal }).next();
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: "ABORTED" });
    for await (const { label } of dataset) if (label === 2) break;
    expect((await collect(dataset)).length).toBe(24);
    await workers.close();
  });
});

describe("a worker that ends", () => {
  /** Answers like a worker, and dies of pictures called poison. */
  const script = new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from "node:worker_threads";
      parentPort.on("message", ({ kind, tasks }) => {
        if (kind !== "tasks") return;
        if (tasks.some(({ task }) => task.name === "poison")) process.exit(3);
        parentPort.postMessage(tasks.map(({ id }) => ({ id, width: 1, height: 1, data: new Uint8Array([id]) })));
      });
    `)}`,
  );
  const { signal } = new AbortController();
  const task = (name: string): { name: string; source: string; random: undefined } => ({
    name,
    source: name,
    random: undefined,
  });

  test("fails the files it had, by name, and another takes its place", async () => {
    const queue = new TaskQueue(1, (listener) => startThread(listener, script));
    const recipe = {};
    await queue.run(recipe, task("a"), signal);
    const error: unknown = await queue.run(recipe, task("poison"), signal).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain("poison: the worker that read it has ended: it exited with code 3");
    const [first, second] = await Promise.all(["b", "c"].map((name) => queue.run(recipe, task(name), signal)));
    expect([first?.data, second?.data]).toEqual([new Uint8Array([2]), new Uint8Array([3])]);
    await queue.close(new Error("closed"));
  });

  test("that never begins, fails as well", async () => {
    const queue = new TaskQueue(2, (listener) => startThread(listener, new URL("file:///nowhere/worker.js")));
    const recipe = {};
    await expect(queue.run(recipe, task("a"), signal)).rejects.toThrow("a: the worker that read it has ended");
    await queue.close(new Error("closed"));
  });

  test("gives pictures of different sizes places of their own", async () => {
    const rings = new Map<number, SharedArrayBuffer | undefined>();
    const taken = new Map<number, Set<number>>();
    const queue = new TaskQueue(2, (listener) => ({
      post(order) {
        if (order.kind === "recipe") rings.set(order.recipe, order.ring);
        if (order.kind !== "tasks") return;
        for (const { id, recipe, slot } of order.tasks) {
          const slots = taken.get(recipe) ?? new Set();
          taken.set(recipe, slots);
          expect(slots.has(slot)).toBe(false);
          slots.add(slot);
          const [bytes, side] = recipe === 0 ? [300 * 300 * 3, 300] : [3, 1];
          new Uint8Array(rings.get(recipe) ?? new SharedArrayBuffer(0), slot * bytes, bytes).fill(id % 256);
          const answer = { id, width: side, height: side, data: undefined };
          setTimeout(() => {
            slots.delete(slot);
            listener.onOutcomes([answer]);
          }, id % 3);
        }
      },
      keepAlive() {},
      async terminate() {},
    }));
    const recipes: readonly ImageRecipe[] = [{ size: [300, 300] }, { size: [1, 1] }];
    const runs = Array.from({ length: 120 }, async (_, id) => {
      const { data } = await queue.run(recipes[id < 1 || id % 7 === 0 ? 0 : 1] ?? {}, task("a"), signal);
      expect(data.every((level) => level === id % 256)).toBe(true);
    });
    await Promise.all(runs);
    await queue.close(new Error("closed"));
  });

  test("knows no more recipes than a few, of which it is told again", async () => {
    const known = new Map<number, SharedArrayBuffer | undefined>();
    let most = 0;
    const queue = new TaskQueue(1, (listener) => ({
      post(order) {
        if (order.kind === "recipe") known.set(order.recipe, order.ring);
        else if (order.kind === "forget") known.delete(order.recipe);
        else if (order.kind === "tasks") {
          const outcomes = order.tasks.map(({ id, recipe, slot }) => {
            new Uint8Array(known.get(recipe) ?? new SharedArrayBuffer(0)).fill(id % 256, slot * 3, slot * 3 + 3);
            return { id, width: 1, height: 1, data: undefined };
          });
          setTimeout(() => listener.onOutcomes(outcomes), 1);
        }
        most = Math.max(most, known.size);
      },
      keepAlive() {},
      async terminate() {},
    }));
    const recipes = Array.from({ length: 100 }, (): ImageRecipe => ({ size: [1, 1] }));
    for (let round = 0; round < 2; round++) {
      const found = await Promise.all(recipes.map((recipe) => queue.run(recipe, task("a"), signal)));
      expect(found.map(({ data }) => data[0])).toEqual(recipes.map((_, place) => (round * 100 + place) % 256));
    }
    expect(most).toBeLessThanOrEqual(8 + 2 * queue.places);
    await queue.close(new Error("closed"));
  });

  test.for([
    ["whose size is not known", {}, 2 * 4],
    ["that are large", { size: [300, 300] }, 2 * 4],
    ["that are small", { size: [1, 1] }, 2 * 16],
  ] as const)("has so many tasks of pictures %s at once, and loses none", async ([, recipe, places]) => {
    let most = 0;
    let now = 0;
    const queue = new TaskQueue(2, (listener) => ({
      post(order) {
        if (order.kind !== "tasks") return;
        now += order.tasks.length;
        most = Math.max(most, now);
        setTimeout(() => {
          now -= order.tasks.length;
          const data = (): Uint8Array<ArrayBuffer> => new Uint8Array(1);
          listener.onOutcomes(order.tasks.map(({ id }) => ({ id, width: 1, height: 1, data: data() })));
        }, 1);
      },
      keepAlive() {},
      async terminate() {},
    }));
    const tasks = Array.from({ length: 100 }, (_, index) => queue.run(recipe, task(`${index}`), signal));
    expect((await Promise.all(tasks)).length).toBe(100);
    expect(most).toBe(places);
    await queue.close(new Error("closed"));
  });

  describe("with groups", () => {
    const target = (): ArrayBuffer => new ArrayBuffer(8);
    const group = () => ({ pictures: [], random: undefined, target: target(), pictureBytes: 4 });
    /** Threads that answer when they are told to. */
    function slowThreads(): { start: typeof startThread; seats: { ids: number[]; answer(): void; end(): void }[] } {
      const seats: { ids: number[]; answer(): void; end(): void }[] = [];
      const start: typeof startThread = (listener) => {
        const ids: number[] = [];
        const answer = (): void => {
          const filled = { target: target(), faults: [], notes: [] };
          listener.onOutcomes(ids.splice(0, 1).map((id) => ({ id, filled })));
        };
        seats.push({ ids, answer, end: () => listener.onEnd(new Error("killed")) });
        return {
          post: (order) => void (order.kind === "group" && ids.push(order.id)),
          keepAlive() {},
          async terminate() {},
        };
      };
      return { start, seats };
    }

    test("gives each worker two, and others when there is room", async () => {
      const { start, seats } = slowThreads();
      const queue = new TaskQueue(2, start);
      const runs = Array.from({ length: 5 }, () => queue.runGroup({}, group(), signal));
      await Promise.resolve();
      expect(seats.map(({ ids }) => ids)).toEqual([
        [0, 2],
        [1, 3],
      ]);
      seats[1]?.answer();
      await expect(runs[1]).resolves.toMatchObject({ faults: [] });
      expect(seats[1]?.ids).toEqual([3, 4]);
      await queue.close(new Error("closed"));
      await expect(Promise.allSettled(runs)).resolves.toHaveLength(5);
      await expect(queue.runGroup({}, group(), signal)).rejects.toThrow("closed");
    });

    test("loses those of a worker that ends, and no others", async () => {
      const { start, seats } = slowThreads();
      const queue = new TaskQueue(2, start);
      const runs = Array.from({ length: 4 }, () => queue.runGroup({}, group(), signal));
      const settled = Promise.allSettled(runs);
      await Promise.resolve();
      seats[0]?.end();
      seats[1]?.answer();
      seats[1]?.answer();
      expect((await settled).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected", "fulfilled"]);
      await expect(runs[0]).rejects.toThrow(UnavailableError);
      await queue.close(new Error("closed"));
    });

    test("leaves those that nobody wants", async () => {
      const { start, seats } = slowThreads();
      const queue = new TaskQueue(1, start);
      const leaving = new AbortController();
      const runs = Array.from({ length: 3 }, () => queue.runGroup({}, group(), leaving.signal));
      const settled = Promise.allSettled(runs);
      await Promise.resolve();
      leaving.abort();
      for (const result of await settled) expect(result).toMatchObject({ reason: { code: "ABORTED" } });
      seats[0]?.answer();
      seats[0]?.answer();
      expect(seats[0]?.ids).toEqual([]);
      await expect(queue.runGroup({}, group(), leaving.signal)).rejects.toThrow("stopped");
      await queue.close(new Error("closed"));
    });
  });
});
