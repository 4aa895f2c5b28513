import { describe, expect, test } from "vitest";
import { parseLines, run } from "./testing/run.ts";

describe("wrong use exits with 2 and one line on standard error", () => {
  test.for([
    [[], "no command was given; there are train, "],
    [["tarin", "mnist"], 'there is no command "tarin"'],
    [["train"], "train: <data> is missing, a folder of class folders, a table"],
    [
      ["train", "mnits"],
      'data must be a folder, a file or one of mnist, fashion-mnist, cifar10, cifar100, flowers, celeba-gender, cats-and-dogs (did you mean mnist?), received "mnits"',
    ],
    [["train", ""], 'train: data must be text that is not empty, received "".'],
    [["predict", "model", "a.png", ""], 'predict: images must be text that is not empty, received "".'],
    [["train", "mnist", "--epochs", " 3 "], 'received " 3 "'],
    [["train", "mnist", "--epochs", "0x10"], 'received "0x10"'],
    [["train", "mnist", "again"], 'train: more words were given than it takes ("again"): featuremap train <data>. See'],
    [["trian", "mnist"], 'there is no command "trian" (did you mean train?)'],
    [["predct", "model"], 'there is no command "predct" (did you mean predict?)'],
    [["train", "mnist", "--epoch", "2"], "train: there is no option --epoch (did you mean --epochs?)"],
    [["train", "mnist", "--batchsize=2"], "train: there is no option --batchsize (did you mean --batch-size?)"],
    [["predict", "model", "a.png", "--topk", "2"], "predict: there is no option --topk (did you mean --top?)"],
    [["serve", "--prot", "80"], "serve: there is no option --prot (did you mean --port?)"],
    [["summary", "model", "--quiet"], "summary: there is no option --quiet. See featuremap summary --help."],
    [["train", "mnist", "--epochs"], "value is missing"],
    [["train", "mnist", "--out", "-x"], "value is missing (to begin it with a dash, write --out=-...)"],
    [["train", "mnist", "--out", "--json"], "option `--out <folder>` value is missing"],
    [["train", "mnist", "--json=yes"], 'train: --json must be given without a value, received "yes"'],
    [["train", "mnist", "--json", "--no-json"], "--json must be given once"],
    [["train", "mnist", "--batchSize", "2"], "there is no option --batchSize (did you mean --batch-size?)"],
    [["serve", "--allowed-hosts", "a,,b"], "--allowed-hosts must be a list of texts, none empty"],
    [["train", "mnist", "--epochs", "0"], "featuremap: train: --epochs must be an integer of at least 1, received 0"],
    [["train", "mnist", "--epochs", "1.5"], "--epochs must be an integer"],
    [
      ["train", "mnist", "--batch-size", "many"],
      '--batch-size must be an integer of at least 1, or auto, received "many"',
    ],
    [["train", "mnist", "--learning-rate", "0"], "--learning-rate must be a number above 0"],
    [["train", "mnist", "--seed", "4294967296"], "--seed must be an integer in [0, 4294967295]"],
    [["train", "mnist", "--device", "tpu"], "--device must be one of auto, node-gpu, node, wasm, cpu"],
    [["train", "mnist", "--threads", "0"], "--threads must be an integer of at least 1"],
    [["train", "mnist", "--limit", "-3"], "--limit must be an integer of at least 1, received -3"],
    [["train", "mnist", "-3"], "train: there is no option -3"],
    [["train", "mnist", "--seed", ""], "--seed must be given a value"],
    [["train", "mnist", "--out", ""], '--out must be given a value, received ""'],
    [["serve", "--host", ""], "--host must be given a value"],
    [["train", "mnist", "--out", "a", "--out", "b"], "--out must be given once"],
    [["train", "mnist", "--limit", "60001"], "train: --limit must be an integer in [1, 60000], the number of images"],
    [["predict", "model"], "predict: <images> is missing, image files, folders"],
    [["predict", "model"], "featuremap predict <bundle> <...images>. See featuremap predict --help."],
    [["predict", "model", "digit.png", "--top", "0"], "--top must be an integer of at least 1"],
    [["predict", "model", "digit.png", "--batch-size", "0"], "--batch-size must be an integer of at least 1"],
    [["predict", "model", "digit.png", "--max-pixels", "many"], "--max-pixels must be an integer of at least 1"],
    [["summary", "--", "--json", "more"], 'than it takes ("more"): featuremap summary <bundle>.'],
    [["export", "model"], "--out must name the folder"],
    [["bench"], "bench: <work> is missing, what to measure: featuremap bench <work>."],
    [["bench", "fly"], 'bench: work must be one of train, infer, received "fly"'],
    [["bench", "train", "--network", "n2"], '--network must be one of n1, n3, received "n2"'],
    [["bench", "train", "--batch-size", "0"], "--batch-size must be an integer in [1, 16384]"],
    [["bench", "train", "--rounds", "0"], "--rounds must be an integer in [1, 10000]"],
    [["bench", "infer", "--seconds", "0"], "--seconds must be a number above 0"],
    [["bench", "infer", "--kernels", "--device", "node-gpu"], "--kernels must be used with node, wasm, cpu"],
    [["serve", "--port", "70000"], "--port must be an integer in [0, 65535], received 70000"],
    [["serve", "--port", "http"], '--port must be an integer in [0, 65535], received "http"'],
  ] as const)("featuremap %s", async ([words, message]) => {
    const { code, output, error } = await run(words);
    expect(error).toContain(message);
    expect(error).toMatch(/^featuremap: [^\n]+\n$/);
    expect(output).toBe("");
    expect(code).toBe(2);
  });
});

describe("a command line may be written", () => {
  test.for([
    ["with options before the command", ["--epochs", "2", "--json", "train", "mnist"], { epochs: 2, data: "mnist" }],
    ["with = between an option and its value", ["train", "mnist", "--out=a=b"], { out: "a=b" }],
    ["with a value that begins with a dash, after =", ["train", "mnist", "--out=--json"], { out: "--json" }],
    ["with a value that looks like a number", ["train", "mnist", "--out", "007"], { out: "007" }],
    ["with a value of several words", ["train", "mnist", "--out", "größer 図 '\"$HOME"], { out: "größer 図 '\"$HOME" }],
    [
      "with words that begin with a dash, after --",
      ["predict", "--top=1", "--", "-m", "--json"],
      { bundle: "-m", images: ["--json"] },
    ],
    ["with the dash alone as a word", ["predict", "model", "-"], { bundle: "model", images: ["-"] }],
    ["with a list", ["serve", "--allowed-hosts", "a.org,.b.org"], { allowedHosts: ["a.org", ".b.org"] }],
  ] as const)("%s", async ([, words, values]) => {
    const { code, output, error } = await run(["--print-config", "--json", ...withoutJson(words)]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const [printed] = parseLines(output);
    const expected = Object.entries(values).map(([key, value]) => [key, expect.objectContaining({ value })] as const);
    expect(printed?.["values"]).toMatchObject(Object.fromEntries(expected));
  });

  /** `--json` is typed already, where it is an option. */
  function withoutJson(words: readonly string[]): string[] {
    const end = words.includes("--") ? words.indexOf("--") : words.length;
    return words.filter((word, index) => word !== "--json" || index > end);
  }
});

test("a flag says no to what a variable says yes to", async () => {
  const words = ["summary", "nowhere", "--print-config"];
  const environment = { FEATUREMAP_JSON: "true" };
  expect((await run(words, { environment })).output).toMatch(/^\{"event":"config"/);
  expect((await run([...words, "--no-json"], { environment })).output).toMatch(/\njson +false +--no-json\n$/);
});

test("what a file puts into an error reaches the terminal as text on one line", async () => {
  const { error } = await run(["summary", "no\u001b[2J\nwhere"]);
  expect(error).toContain(String.raw`no\u001b[2J`);
  expect(error).not.toContain("\u001b");
  expect(error).toMatch(/^featuremap: [^\n]+\n$/);
});
