import { execFileSync } from "node:child_process";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseLines, run } from "../testing/run.ts";
import { temporaryFolder } from "../testing/saved-model.ts";
import { configNames } from "./find-config.ts";

const temporary = temporaryFolder();
let count = 0;

/** A folder with those files. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = temporary.path(`folder ${(count += 1)}`);
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

async function printed(folder: string, ...words: readonly string[]): Promise<Record<string, unknown>> {
  const { code, output, error } = await run([...words, "--print-config", "--json"], { folder });
  expect({ code, error }).toEqual({ code: 0, error: "" });
  const [object, ...more] = parseLines(output);
  expect(more).toEqual([]);
  return object ?? {};
}

async function refused(folder: string, ...words: readonly string[]): Promise<string> {
  const { code, output, error } = await run(words.length === 0 ? ["train", "mnist", "--print-config"] : words, {
    folder,
  });
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(error).toMatch(/^featuremap: [^\n]+\n$/);
  return error;
}

const json = '{ "threads": 2, "train": { "data": "mnist", "epochs": 3 } }';
const module = 'export default { threads: 2, train: { data: "mnist", epochs: 3 } };';
const index = fileURLToPath(new URL("../index.ts", import.meta.url));
const typed = `import { defineConfig } from ${JSON.stringify(index)};
interface Wish { readonly epochs: number }
const wish: Wish = { epochs: 3 };
export default defineConfig({ threads: 2, train: { data: "mnist", ...wish } });`;
const yaml = "# Twice through the digits\nthreads: 2\ntrain:\n  data: mnist\n  epochs: 3\n";
const contents: Readonly<Record<string, string>> = {
  ts: typed,
  mts: typed,
  js: module,
  mjs: module,
  json,
  yaml,
  yml: yaml,
};

describe("the config file", () => {
  test.for(configNames)("may be %s", async (name) => {
    const folder = await folderWith({ [name]: contents[name.split(".").at(-1) ?? ""] ?? "" });
    const { file, values } = await printed(folder, "train");
    expect(file).toBe(name);
    expect(values).toMatchObject({
      data: { value: "mnist", origin: "file", place: "train.data" },
      epochs: { value: 3, origin: "file", place: "train.epochs" },
      threads: { value: 2, origin: "file", place: "threads" },
      device: { value: "auto", origin: "default" },
      seed: { origin: "default" },
    });
  });

  test.for(["ts", "js"])("may be .%s in a package of modules, and in one that does not say", async (extension) => {
    const name = `featuremap.config.${extension}`;
    for (const manifest of ['{ "type": "module" }', "{}", '{ "type": "commonjs" }', "no manifest"]) {
      const folder = await folderWith({ "package.json": manifest, [name]: contents[extension] ?? "" });
      expect(await printed(folder, "train")).toMatchObject({ file: name, values: { epochs: { value: 3 } } });
    }
  });

  test("is that which --config or FEATUREMAP_CONFIG names, and then no other", async () => {
    const folder = await folderWith({ "featuremap.config.json": '{ "serve": { "port": 1 } }', "größe 1.json": json });
    const named = await printed(folder, "train", "--config", "größe 1.json");
    expect(named).toMatchObject({ file: "größe 1.json", values: { epochs: { value: 3 } } });
    const words = ["train", "--print-config", "--json"];
    const { output } = await run(words, { folder, environment: { FEATUREMAP_CONFIG: join(folder, "größe 1.json") } });
    expect(parseLines(output)).toEqual([{ ...named, file: join(folder, "größe 1.json") }]);
  });

  test("of a folder above is not read", async () => {
    const folder = await folderWith({ "featuremap.config.json": json });
    await mkdir(join(folder, "inner"));
    expect(await printed(join(folder, "inner"), "train", "mnist")).not.toHaveProperty("file");
  });

  test("says for one command what it says for all, and a section counts more", async () => {
    const folder = await folderWith({
      "featuremap.config.json": '{ "threads": 2, "bench": { "threads": 3, "kernels": true } }',
    });
    expect(await printed(folder, "train", "mnist")).toMatchObject({
      values: { threads: { value: 2, place: "threads" } },
    });
    expect(await printed(folder, "bench", "infer", "--no-kernels")).toMatchObject({
      values: {
        work: { value: "infer", origin: "argument" },
        threads: { value: 3, place: "bench.threads" },
        kernels: { value: false, origin: "flag" },
      },
    });
  });

  test("gives the words that were not typed", async () => {
    const content = { evaluate: { bundle: "a", data: "mnist" }, predict: { images: ["a b.png", "--x"] } };
    const folder = await folderWith({ "featuremap.config.json": JSON.stringify(content) });
    expect(await printed(folder, "evaluate", "b")).toMatchObject({
      values: { bundle: { value: "b", origin: "argument" }, data: { value: "mnist", origin: "file" } },
    });
    expect(await printed(folder, "predict", "b")).toMatchObject({
      values: { images: { value: ["a b.png", "--x"], origin: "file", place: "predict.images" } },
    });
    const { code, error } = await run(["evaluate"], { folder });
    expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining("There is no bundle") });
  });

  test("may leave things out by being undefined, and a YAML file may hold comments alone", async () => {
    const left = await folderWith({
      "featuremap.config.mjs": "export default { train: { epochs: undefined }, serve: undefined };",
    });
    expect(await printed(left, "train", "mnist")).toMatchObject({ values: { epochs: { origin: "default" } } });
    const empty = await folderWith({ "featuremap.config.yaml": "# nothing yet\n" });
    expect(await printed(empty, "train", "mnist")).toMatchObject({ file: "featuremap.config.yaml" });
  });

  test("is not needed by --help", async () => {
    const folder = await folderWith({ "featuremap.config.json": "{" });
    expect(await run(["train", "--help"], { folder })).toMatchObject({ code: 0, error: "" });
  });
});

describe("a config file is refused, by name and key, where", () => {
  test.for([
    [
      "a key of a section is unknown",
      { train: { epoch: 3 } },
      'train has no option "epoch" (did you mean epochs?). See featuremap train --help.',
    ],
    [
      "a key is typed as a flag",
      { train: { "batch-size": 3 } },
      'train has no option "batch-size" (did you mean batchSize?)',
    ],
    ["a key is one of all objects", { train: { toString: 3 } }, 'train has no option "toString"'],
    ["a command is unknown", { trian: {} }, 'there is no command or shared option "trian" (did you mean train?)'],
    [
      "an option stands beside the commands that is of some",
      { epochs: 3 },
      "epochs must stand in the section of a command (train, sweep)",
    ],
    ["a general option stands there", { config: "a" }, 'there is no command or shared option "config"'],
    ["a number is text", { train: { epochs: "3" } }, 'train.epochs must be an integer of at least 1, received "3"'],
    ["a value is null", { train: { epochs: null } }, "train.epochs must be an integer of at least 1, received null"],
    [
      "a value is out of its range",
      { serve: { port: 70_000 } },
      "serve.port must be an integer in [0, 65535], received 70000",
    ],
    ["a choice is none", { device: "gpu" }, 'device must be one of auto, node-gpu, node, wasm, cpu, received "gpu"'],
    ["a flag is text", { json: "yes" }, 'json must be true or false, received "yes"'],
    ["text is empty", { train: { out: "" } }, 'train.out must be text that is not empty, received ""'],
    ["a list is text", { serve: { allowedHosts: "a,b" } }, "serve.allowedHosts must be a list of texts"],
    ["a section is not an object", { train: [] }, "train must be an object of options, received []"],
    [
      "a word is none of those there are",
      { bench: { work: "fly" } },
      'bench.work must be one of train, infer, received "fly"',
    ],
    ["words are not texts", { predict: { images: [1] } }, "predict.images must be a list of texts that are not empty"],
    ["it is a list", [], "what it holds must be an object of options, received []"],
    ["it is a number", 7, "what it holds must be an object of options, received 7"],
  ] as const)("%s", async ([, content, message]) => {
    const folder = await folderWith({ "featuremap.config.json": JSON.stringify(content) });
    expect(await refused(folder)).toContain(`featuremap: featuremap.config.json: ${message}`);
  });

  test.for([
    ["featuremap.config.json", "{ train: }", "featuremap.config.json cannot be read: Expected property name"],
    ["featuremap.config.json", '{ "__proto__": { "epochs": 3 } }', 'there is no command or shared option "__proto__"'],
    [
      "featuremap.config.json",
      '{ "train": { "epochs": 3, "epochs": 4 } }',
      'featuremap.config.json cannot be read: It says "epochs" twice.',
    ],
    ["featuremap.config.ts", "export default null;", "must be an object of options, received null"],
    ["featuremap.config.yaml", "train: {}\n---\ntrain: {}\n", "It holds several documents (---), and may hold one."],
    ["featuremap.config.yaml", "train: !!js/function 'x'\n", "Unresolved tag"],
    ["featuremap.config.yaml", "train: {", "featuremap.config.yaml cannot be read: "],
    ["featuremap.config.yaml", "train:\n  epochs: 3\n  epochs: 4\n", "Map keys must be unique at line 3"],
    [
      "featuremap.config.mjs",
      "export const config = {};",
      "featuremap.config.mjs must export its options: export default",
    ],
    [
      "featuremap.config.mjs",
      "export default () => ({});",
      "what it holds must be an object of options, received function",
    ],
    ["featuremap.config.ts", "throw new Error('not today');", "featuremap.config.ts cannot be read: not today."],
    ["featuremap.config.ts", "export default { train: { epochs: 0 } } as const;", "train.epochs must be an integer"],
    ["featuremap.config.mts", "import 'nowhere-to-be-found'; export default {};", "nowhere-to-be-found"],
  ] as const)("%s holds %j", async ([name, text, message]) => {
    expect(await refused(await folderWith({ [name]: text }))).toContain(message);
  });

  test("there are two", async () => {
    const folder = await folderWith({ "featuremap.config.json": "{}", "featuremap.config.ts": "export default {};" });
    expect(await refused(folder)).toContain(
      "There are featuremap.config.ts and featuremap.config.json. Keep one, or name one with --config.",
    );
    expect(await printed(folder, "train", "mnist", "--config=featuremap.config.json")).toHaveProperty("file");
  });

  test("the one that is named is not there, or is of no known kind", async () => {
    const folder = await folderWith({ "config.toml": "" });
    expect(await refused(folder, "train", "--config", "no.json")).toContain("no.json: there is no such file.");
    expect(await refused(folder, "train", "--config", "no.ts")).toContain("no.ts: there is no such file.");
    expect(await refused(folder, "train", "--config", "config.toml")).toContain("a config file must be .ts, .mts, .js");
    expect(await refused(folder, "train", "--config")).toContain("value is missing");
    expect(await refused(folder, "train", "--config", "")).toContain("--config must be given a value");
    expect(await refused(folder, "train", "--config", "a.json", "--config", "b.json")).toContain(
      "--config must be given once",
    );
  });
});

test("a config file that awaits what never comes is told, where Node would end without a word", async () => {
  const folder = await folderWith({ "featuremap.config.mjs": "await new Promise(() => {});" });
  const end = setInterval(() => process.emit("beforeExit", 0), 20);
  try {
    expect(await refused(folder)).toBe(
      "featuremap: featuremap.config.mjs cannot be read: it waits for something that never comes.\n",
    );
  } finally {
    clearInterval(end);
  }
});

test.runIf(process.platform !== "win32")(
  "a config file is not a folder, a pipe, a circle of links, or huge",
  async () => {
    const folder = await folderWith({});
    await mkdir(join(folder, "folder.json"));
    execFileSync("mkfifo", [join(folder, "pipe.json")]);
    await symlink("circle.json", join(folder, "circle.json"));
    await writeFile(join(folder, "huge.json"), "");
    await truncate(join(folder, "huge.json"), 2 ** 24 + 1);
    for (const [name, message] of [
      ["folder.json", "folder.json: a config file must be a regular file, but this is a folder."],
      ["pipe.json", "pipe.json: a config file must be a regular file, but this is a device, a pipe or a socket."],
      ["circle.json", "circle.json cannot be read: its links form a loop, or there are too many."],
      ["huge.json", "huge.json: a config file must be at most 16777216 bytes long."],
    ] as const) {
      expect(await refused(folder, "train", "mnist", "--config", name)).toBe(`featuremap: ${message}\n`);
    }
  },
);

test("--print-config shows each value and where it comes from", async () => {
  const folder = await folderWith({ "featuremap.config.json": '{ "train": { "epochs": 3, "batchSize": 32 } }' });
  const words = ["train", "mnist", "--learning-rate", "0.01", "--print-config"];
  const { code, output } = await run(words, { folder, environment: { FEATUREMAP_EPOCHS: "5" } });
  expect(code).toBe(0);
  const rows = output
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  expect(rows.slice(0, 4)).toEqual([
    ["data", "mnist", "typed"],
    ["epochs", "5", "FEATUREMAP_EPOCHS"],
    ["batch-size", "32", "train.batchSize in featuremap.config.json"],
    ["learning-rate", "0.01", "--learning-rate"],
  ]);
  expect(rows.slice(4)).toEqual(
    expect.arrayContaining([
      ["seed", "1", "default"],
      ["out", "runs/<name>-<number>", "default"],
      ["limit", "-", "default"],
      ["device", "auto", "default"],
      ["threads", "one a core", "default"],
      ["json", "false", "default"],
    ]),
  );
  expect(rows.slice(4).map((row) => row.at(-1))).toEqual(rows.slice(4).map(() => "default"));
});

test("a variable that is misspelt is told, and the command runs", async () => {
  const { code, error } = await run(["train", "--print-config"], { environment: { FEATUREMAP_EPOCH: "3" } });
  expect(code).toBe(0);
  expect(error).toBe("featuremap: The variable FEATUREMAP_EPOCH is not read (did you mean FEATUREMAP_EPOCHS?).\n");
});
