import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { lockFolder } from "@featuremap/files";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Finding } from "./finding.ts";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

// The first command loads all that it needs.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = temporaryFolder();

beforeAll(async () => {
  for (const [label, name] of ["blue", "red"].entries()) {
    for (let seed = 0; seed < 30; seed++) {
      const file = await discPicture(label, seed, [24, 24]).png().toBuffer();
      await writeFiles(folder.path("photos"), { [`${name}/${seed}.png`]: file });
    }
  }
});
// The cache of whoever runs the tests is none of theirs.
beforeEach(() => vi.stubEnv("FEATUREMAP_CACHE", folder.path("cache")));

const doctor = (...words: string[]): ReturnType<typeof run> => run(["doctor", ...words], { folder: folder.path() });

/** What it finds of a topic, with the exit code. */
async function findings(topic: string, ...words: string[]): Promise<{ code: number; found: readonly Finding[] }> {
  const { code, output } = await doctor(...words, "--json");
  const all = parseLines(output).filter(({ event }) => event === "finding") as unknown as Finding[];
  return { code, found: all.filter((finding) => finding.topic === topic) };
}

describe("featuremap doctor", () => {
  test("tells of everything in lines that people read, and ends well where all is well", async () => {
    const { code, output, error } = await doctor("--device", "wasm", "--threads", "1");
    expect(error).toBe("");
    const lines = output.trimEnd().split("\n");
    expect(lines[0]).toBe(`ok       Node ${process.versions.node} on ${process.platform}-${process.arch}`);
    expect(lines[1]).toContain(`${cpus().length} core`);
    for (const what of [
      /GB of memory/,
      /featuremap [\d.]+ and its \d+ packages, of one version; @tensorflow\/tfjs-core 4/,
    ]) {
      expect(output).toMatch(what);
    }
    expect(output).toMatch(/^ok {7}wasm computes: WebAssembly, 1 thread[^,]*, (relaxed )?SIMD \(it was asked for\)$/m);
    expect(output).toMatch(/^ok {7}webgpu: not in Node/m);
    expect(output).toMatch(/^ok {7}a short training on wasm and on cpu give the same \d+ numbers, to \d\.\de-\d+$/m);
    expect(output).toContain(`Cache ${folder.path("cache")}: empty, where `);
    expect(output).toContain("Runs go to runs, where ");
    const hasProblem = lines.some((line) => line.startsWith("PROBLEM"));
    expect(code).toBe(hasProblem ? 1 : 0);
    expect(lines.at(-1)).toMatch(/^(All is well\.|\d+ problems?, \d+ warnings?\.)$/);
  });

  test("keeps to the width of a terminal, text below text", async () => {
    const { output } = await run(["doctor", "--device", "cpu"], { folder: "/", columns: 50 });
    const lines = output.trimEnd().split("\n").slice(0, -1);
    // What is long and in one piece, as a path may be, is not broken.
    expect(lines.filter((line) => line.length > 50 && line.slice(9).includes(" "))).toEqual([]);
    expect(lines.every((line) => /^(ok {7}|warning {2}|PROBLEM {2}| {9})\S/.test(line))).toBe(true);
    expect(lines.some((line) => line.startsWith("         "))).toBe(true);
  });

  test("with --json gives an object for each finding, and the counts at the end", async () => {
    const { output } = await doctor("--device", "cpu", "--json");
    const events = parseLines(output);
    const { event, ok, warnings, problems } = events.at(-1) as Record<string, number>;
    expect(event).toBe("doctor");
    const statuses = events.slice(0, -1).map(({ status }) => status);
    const count = (status: string): number => statuses.filter((each) => each === status).length;
    expect([ok, warnings, problems]).toEqual([count("ok"), count("warning"), count("problem")]);
    expect(new Set(events.map(({ topic }) => topic))).toEqual(
      new Set(["node", "processor", "memory", "packages", "device", "computing", "cache", "runs", undefined]),
    );
  });

  test("a device that is not there is a problem that says what to do", async () => {
    const { code, found } = await findings("device", "--device", "node");
    // Where TensorFlow is installed, it is one that computes.
    if (found[0]?.status === "ok") return;
    expect(code).toBe(1);
    expect(found).toEqual([
      expect.objectContaining({ status: "problem", text: expect.stringContaining("npm install") }),
    ]);
  });

  test("a faster device that is installed and does not work is a warning, and the next one computes", async () => {
    const [name, before] = ["@tensorflow/tfjs-node-gpu", process.cwd()];
    await writeFiles(folder.path("broken"), {
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "4.22.0", main: "index.js" }),
      [`node_modules/${name}/index.js`]: 'throw new Error("libtensorflow.so.2: cannot open shared object file");',
    });
    process.chdir(folder.path("broken"));
    const { code, found } = await findings("device", "--threads", "1").finally(() => process.chdir(before));
    const of = (device: string): Finding | undefined => found.find(({ text }) => text.startsWith(device));
    expect(of("node-gpu")).toMatchObject({ status: "warning", text: expect.stringContaining("libtensorflow.so.2") });
    expect(of("wasm")?.text).toMatch(/^wasm computes: .* \(.*does not load/);
    expect(code).toBe(0);
  });

  test("a cache that is a file is told, with what to do", async () => {
    await writeFile(folder.path("not a folder"), "");
    vi.stubEnv("FEATUREMAP_CACHE", folder.path("not a folder"));
    const { code, found } = await findings("cache", "--device", "cpu");
    expect(found[0]).toMatchObject({ status: "warning", text: expect.stringContaining("is a file") });
    expect(found[0]?.remedy).toContain("FEATUREMAP_CACHE");
    expect(code).toBe(0);
  });

  test.runIf(process.platform === "linux")("that there is no cache without a home is told", async () => {
    for (const name of ["FEATUREMAP_CACHE", "XDG_CACHE_HOME", "HOME"]) vi.stubEnv(name, "");
    const { code, found } = await findings("cache", "--device", "cpu");
    expect(found[0]).toMatchObject({ status: "warning", text: "No cache: the user has no home" });
    expect(found[0]?.remedy).toContain("FEATUREMAP_CACHE");
    expect(code).toBe(0);
  });

  test("a cache that holds something is measured, and left as it is", async () => {
    await writeFiles(folder.path("full"), { "a/b.bin": new Uint8Array(2500), "c.bin": new Uint8Array(2500) });
    vi.stubEnv("FEATUREMAP_CACHE", folder.path("full"));
    const { found } = await findings("cache", "--device", "cpu");
    expect(found[0]?.text).toContain("5.0 kB in 2 files");
  });
});

describe("featuremap doctor <data>", () => {
  test("says what train would do with a folder", async () => {
    const { code, found } = await findings("data", "photos", "--device", "cpu");
    expect(code).toBe(0);
    expect(found.map(({ status, text }) => [status, text])).toEqual([
      ["ok", `${folder.path("photos")}: 2 classes; 48 for training, 12 for validation`],
      ["ok", `24 pictures of ${folder.path("photos")} were read: all are whole`],
    ]);
    const { found: plan } = await findings("train", "photos", "--device", "cpu");
    expect(plan[0]?.text).toMatch(
      /^train would by itself take the network small \(.*\), images of 24 x 24 pixels \(.*\), \d+ epochs of 1 step of \d+ images$/,
    );
  });

  test("warns of few and unequal pictures, and of those that cannot be read", async () => {
    const file = await discPicture(2, 1, [24, 24]).png().toBuffer();
    const few = Object.fromEntries(["1", "2", "3"].map((name) => [`rare/${name}.png`, file]));
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`common/${index}.png`, file]));
    await writeFiles(folder.path("unequal"), {
      ...few,
      ...many,
      "common/a.png": file.subarray(0, 60),
      "common/a.txt": "text",
    });
    const { code, found } = await findings("data", "unequal", "--device", "cpu");
    expect(code).toBe(0);
    const warnings = found.filter(({ status }) => status === "warning");
    expect(warnings.map(({ text }) => text.replace(folder.path(), ""))).toEqual([
      expect.stringMatching(/has 2 pictures of rare for training$/),
      expect.stringMatching(/there are \d+ pictures of common, and 2 of rare$/),
      expect.stringMatching(/24 pictures of .*unequal were read, and 1 of them cannot be decoded$/),
      expect.stringMatching(/1 file of .*unequal is not a picture$/),
    ]);
    expect(warnings.every(({ remedy }) => remedy !== undefined)).toBe(true);
  });

  test("so many damaged pictures that train would stop are a problem", async () => {
    const file = await discPicture(1, 1, [24, 24]).png().toBuffer();
    const names = Array.from({ length: 40 }, (_, index) => `${index % 2 === 0 ? "cat" : "dog"}/${index}.png`);
    const contents = names.map((name, index) => [name, index % 5 === 0 ? file.subarray(0, 60) : file] as const);
    await writeFiles(folder.path("damaged"), Object.fromEntries(contents));
    const { code, found } = await findings("data", "damaged", "--device", "cpu");
    expect(found.at(-1)).toMatchObject({ topic: "data", status: "problem", text: expect.stringContaining("damaged") });
    expect(code).toBe(1);
  });

  test("data that cannot be trained on are a problem", async () => {
    await writeFiles(folder.path("single"), { "cat/1.png": await discPicture(0, 1, [24, 24]).png().toBuffer() });
    for (const [subject, said] of [
      ["single", "there is only one class, cat"],
      ["nowhere", "data must be a folder"],
      ["cats-and-dogs", "--data-folder"],
    ] as const) {
      const { code, found } = await findings("data", subject, "--device", "cpu");
      expect([subject, code]).toEqual([subject, 1]);
      expect(found).toEqual([expect.objectContaining({ status: "problem", text: expect.stringContaining(said) })]);
    }
  });

  test("a data set that is not on the disk is not downloaded", async () => {
    const body = (): ReadableStream => new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1000)) });
    vi.stubGlobal("fetch", async () => new Response(body(), { headers: { "content-length": "170000000" } }));
    const { code, found } = await findings("data", "cifar10", "--device", "cpu");
    vi.unstubAllGlobals();
    expect(found).toEqual([
      {
        event: "finding",
        topic: "data",
        status: "ok",
        text: "cifar10 is not on this disk yet: train downloads it first",
      },
    ]);
    expect(code).toBe(0);
  });
});

describe("featuremap doctor <run>", () => {
  const said =
    "--model small --image-size 24 --epochs 1 --batch-size 16 --device wasm --threads 1 --workers 0 --no-report";

  beforeAll(async () => {
    vi.stubEnv("FEATUREMAP_CACHE", folder.path("cache"));
    const out = folder.path("runs/photos-1");
    const { code, error } = await run(["train", folder.path("photos"), "--out", out, ...said.split(" ")]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
  });

  test.for(["runs/photos-1", "photos-1", "last"])("%s is finished, whole, and can be gone on with", async (subject) => {
    const { code, found } = await findings("run", subject, "--device", "cpu");
    expect(code).toBe(0);
    expect(found.map(({ status, text }) => [status, text])).toEqual([
      [
        "ok",
        expect.stringMatching(
          /is finished: 1 of 1 epoch done; featuremap train --resume runs.photos-1 --epochs 11 would continue it$/,
        ),
      ],
      ["ok", expect.stringMatching(/was trained by featuremap .* on WebAssembly, 1 thread/)],
      ["ok", expect.stringMatching(/^the model in runs.photos-1 is whole: \d+ weights, 2 classes$/)],
      ["ok", `its pictures are where they were, in ${folder.path("photos")}`],
    ]);
  });

  test("one that was stopped says how to go on, and pictures that are gone are told", async () => {
    const config = folder.path("runs/photos-1/config.json");
    const text = await readFile(config, "utf8");
    await writeFile(config, text.replace('"epochs": 1', '"epochs": 3'));
    await rename(folder.path("photos/red/3.png"), folder.path("3.png"));
    const { code, found } = await findings("run", "photos-1", "--device", "cpu");
    await rename(folder.path("3.png"), folder.path("photos/red/3.png"));
    await writeFile(config, text);
    expect(found[0]).toMatchObject({
      status: "warning",
      text: expect.stringContaining("was stopped: 1 of 3 epochs done"),
    });
    expect(found[0]?.remedy).toMatch(/^Continue with: featuremap train --resume runs.photos-1$/);
    expect(found.at(-1)).toMatchObject({ status: "warning", text: expect.stringContaining("no longer has red/3.png") });
    expect(code).toBe(0);
  });

  test("one that is being trained is told so, and one without a checkpoint what begins it anew", async () => {
    const release = await lockFolder(folder.path("runs/photos-1"), "training");
    const { found: busy } = await findings("run", "photos-1", "--device", "cpu");
    await release();
    expect(busy[0]).toMatchObject({ status: "ok", text: expect.stringContaining("is in use: process") });

    const [checkpoints, aside] = [folder.path("runs/photos-1/checkpoints"), folder.path("checkpoints")];
    await rename(checkpoints, aside);
    const { found } = await findings("run", "photos-1", "--device", "cpu");
    await rename(aside, checkpoints);
    expect(found[0]).toMatchObject({ status: "warning", text: expect.stringContaining("there is no checkpoint") });
    expect(found[0]?.remedy).toMatch(/^featuremap train --config runs.photos-1.config\.json starts it again\.$/);
  });

  test("a damaged model and a damaged config are problems", async () => {
    const weights = folder.path("runs/photos-1/model/weights.safetensors");
    const whole = await readFile(weights);
    await writeFile(weights, whole.subarray(0, 100));
    const { code, found } = await findings("run", "photos-1", "--device", "cpu");
    await writeFile(weights, whole);
    expect(code).toBe(1);
    expect(found.filter(({ status }) => status === "problem")).toHaveLength(1);

    const config = folder.path("runs/photos-1/config.json");
    const text = await readFile(config, "utf8");
    await writeFile(config, text.slice(0, 20));
    const damaged = await findings("run", "photos-1", "--device", "cpu");
    await writeFile(config, text);
    expect(damaged).toMatchObject({
      code: 1,
      found: [{ status: "problem", text: expect.stringContaining("is not JSON") }],
    });
  });
});

test("a run's folder of another is made of nothing by looking", async () => {
  await mkdir(folder.path("bare"));
  const { code } = await run(["doctor", "--device", "cpu"], { folder: folder.path("bare") });
  expect(code).toBeLessThanOrEqual(1);
  await expect(readFile(join(folder.path("bare"), "runs"))).rejects.toThrow("ENOENT");
});
