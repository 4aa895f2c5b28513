import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type * as Datasets from "@featuremap/datasets";
import { writeFileWhole } from "@featuremap/files";
import { AbortedError } from "@featuremap/tensor";
import { afterEach, describe, expect, test, vi } from "vitest";
import { presetNames } from "../../../data/presets/find-preset.ts";
import { dataFetchArguments } from "../../../options/commands/data.ts";
import { parseLines, run } from "../../../testing/run.ts";
import { temporaryFolder } from "../../../testing/saved-model.ts";
import { shownPath } from "../../../terminal/shown-path.ts";

/** Stands for a server: its files come from nowhere, a thousand bytes at a time. */
const server = vi.hoisted(() => ({ isThere: new Set<string>() }));
vi.mock("@featuremap/datasets", async (load) => {
  const datasets = await load<typeof Datasets>();
  const cifar10: typeof datasets.cifar10 = async (options) => {
    const { cacheDirectory = "", onProgress, signal } = options ?? {};
    const file = join(cacheDirectory, "cifar-10-binary.tar.gz");
    for (let loaded = 0; loaded <= 3000 && !server.isThere.has(file); loaded += 1000) {
      if (signal?.aborted === true) throw new AbortedError(file);
      onProgress?.(loaded, 3000);
    }
    server.isThere.add(file);
    await writeFileWhole(file, new Uint8Array(3000));
    const { train, test: judged } = await datasets.mnist();
    return { train: train.take(50), test: judged.take(10) };
  };
  return { ...datasets, cifar10 };
});

describe("featuremap data fetch", () => {
  const folder = temporaryFolder();
  afterEach(() => void vi.unstubAllGlobals());

  test("downloads with progress, says where it is and how it is trained on, and downloads nothing twice", async () => {
    const out = folder.path("my data");
    const { code, output, error } = await run(["data", "fetch", "cifar10", "--out", out, "--json"]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const path = join(out, "cifar-10-binary.tar.gz");
    const fetched = { event: "fetch", dataset: "cifar10", path, dataFolder: path, bytes: 3000, classes: 10 };
    expect(parseLines(output)).toEqual([
      { event: "progress", what: "downloaded", done: 0, total: 3000 },
      { ...fetched, isNew: true, parts: { train: 50, test: 10 } },
    ]);
    const again = await run(["data", "fetch", "cifar10", "--out", out], { columns: 200 });
    expect(again.output).toContain("cifar10: 10 classes; train 50; test 10");
    expect(again.output.replaceAll(/\s+/g, " ")).toContain("(3.0 KB), already there; its checksum is right");
    expect(again.output).toContain(`featuremap train cifar10 --data-folder '${shownPath(path)}'\n`);
    expect(again.output).not.toContain("Downloading");
  });

  test("says of a data set that comes along that nothing is downloaded", async () => {
    const { code, output } = await run(["data", "fetch", "mnist"]);
    expect(code).toBe(0);
    expect(output).toContain("mnist: 10 classes; train 60,000; test 10,000");
    expect(output).toContain("Train on it with: featuremap train mnist\n");
  });

  test.for(["fashion-mnist", "cifar100", "flowers"])(
    "without a network, says in one line which file of %s to put where",
    { timeout: 60_000 },
    async (name) => {
      vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
      const out = folder.path(`closed ${name}`);
      const { code, output, error } = await run(["data", "fetch", name, "--out", out]);
      expect({ code, output }).toEqual({ code: 1, output: "" });
      expect(error).toMatch(/^featuremap: Cannot download https:[^\n]*\(SHA-256 [0-9a-f]{64}\)[^\n]*\n$/);
      expect(error).toContain(`Get it elsewhere and put it at ${out}`);
      const [file = ""] = /put it at (.*) \(SHA/.exec(error)?.slice(1) ?? [];
      expect(await readdir(dirname(file))).toEqual([".parts"]);
    },
  );

  test.for(["celeba-gender", "cats-and-dogs"])("says what to get by hand for %s", async (name) => {
    const { code, output, error } = await run(["data", "fetch", name]);
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(error).toMatch(/^featuremap: [^\n]*https:[^\n]*--data-folder[^\n]*\n$/);
  });

  test("Ctrl-C ends it with 130, and the file does not come to its place", async () => {
    const out = folder.path("stopped");
    const ended = await run(["data", "fetch", "cifar10", "--out", out, "--json"], {
      onOutput: (_, interrupt) => interrupt(),
    });
    expect(ended).toMatchObject({
      code: 130,
      error: expect.stringMatching(/^featuremap: data fetch was stopped; the next one resumes[^\n]*\.\n$/),
    });
    await expect(readdir(out)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("knows all data sets that have names, and no other", async () => {
    expect(dataFetchArguments[0].choices).toEqual(presetNames);
    expect(await run(["data", "fetch", "imagenet"])).toMatchObject({
      code: 2,
      error: expect.stringContaining("data fetch: dataset must be one of mnist, "),
    });
  });
});
