import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { saveBundle } from "@featuremap/formats";
import { Dense, Flatten, Sequential, Softmax } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { writeFiles } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { saveSmallModel, temporaryFolder } from "../../testing/saved-model.ts";

describe("featuremap predict", () => {
  const folder = temporaryFolder();
  beforeAll(() => saveSmallModel(folder.path("model")));

  test("gives the same answer for a picture in PNG, WebP, and as grey with alpha", async () => {
    const pixels = Uint8Array.from({ length: 28 * 28 }, (_, index) => (index * 7) % 256);
    const picture = sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } });
    await picture.clone().png().toFile(folder.path("grey.png"));
    await picture.clone().toColourspace("srgb").webp({ lossless: true }).toFile(folder.path("colour.webp"));
    await picture.clone().ensureAlpha().png().toFile(folder.path("alpha.png"));
    const files = ["grey.png", "colour.webp", "alpha.png"].map((name) => folder.path(name));
    const { code, output, error } = await run(["predict", folder.path("model"), ...files, "--top", "10", "--json"]);
    expect(error).toBe("");
    expect(code).toBe(0);
    const images = parseLines(output).filter(({ event }) => event === "image");
    expect(images.map(({ image }) => image)).toEqual(files);
    const [first, ...others] = images.map(({ predictions }) => predictions as { label: string; probability: number }[]);
    expect(first).toHaveLength(10);
    expect(first?.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
    for (const predictions of others) {
      expect(predictions.map(({ label }) => label)).toEqual(first?.map(({ label }) => label));
      for (const [rank, { probability }] of predictions.entries()) {
        expect(probability).toBeCloseTo(first?.[rank]?.probability ?? Number.NaN, 5);
      }
    }
  });

  test("takes a photo as it is stored where the model was trained so", async () => {
    const corner = sharp(Uint8Array.of(255, 0, 0, 0), { raw: { width: 2, height: 2, channels: 1 } });
    await corner.png().withMetadata({ orientation: 6 }).toFile(folder.path("turned.png"));
    const model = new Sequential([
      new Flatten({ inputShape: [2, 2, 1] }),
      new Dense({ units: 4, activation: "softmax" }),
    ]);
    const same = Float32Array.from({ length: 16 }, (_, index) => (index % 5 === 0 ? 1 : 0));
    model.getLayer("dense").setWeights([new HostArray(same, [4, 4]), new HostArray(new Float32Array(4), [4])]);
    const labels = ["left", "right", "lower left", "lower right"];
    const plain = plainPreprocessing([2, 2], "grayscale", 1 / 255);
    for (const [orientation, label] of [
      ["exif", "right"],
      ["stored", "left"],
    ] as const) {
      await saveBundle(model, folder.path("corners"), { preprocessing: { ...plain, orientation }, labels });
      const { output } = await run(["predict", folder.path("corners"), folder.path("turned.png"), "--json"]);
      expect(parseLines(output).find(({ event }) => event === "image")).toMatchObject({ label });
      const { output: said } = await run(["summary", folder.path("corners")]);
      expect(said.includes("scaled by 1/255, as files store it\n")).toBe(orientation === "stored");
    }
    model.dispose();
  });

  test("prints labels for people, and how many of a dataset's are right", async () => {
    const { code, output } = await run(["predict", folder.path("model"), "mnist", "--count", "20"]);
    expect(code).toBe(0);
    const lines = output.trimEnd().split("\n");
    expect(lines).toHaveLength(21);
    expect(lines[0]).toMatch(/^mnist test 0: \d \d+\.\d%, \d \d+\.\d%, \d \d+\.\d%( {2}\(it is 7\))?$/);
    expect(lines[20]).toMatch(/^\d+ of 20 right$/);
  });

  test.for([
    [["--count", "10001"], "predict: --count must be an integer in [1, 10000], the number of images"],
    [["--top", "11"], "predict: --top must be an integer in [1, 10], the number of the model's labels"],
  ] as const)("more than there is, is wrong use: %s", async ([words, message]) => {
    const { code, output, error } = await run(["predict", folder.path("model"), "mnist", ...words]);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(error).toBe(`featuremap: ${message}, received ${words[1]}.\n`);
    const judged = await run(["evaluate", folder.path("model"), "mnist", "--limit", "10001"]);
    expect(judged).toMatchObject({
      code: 2,
      error: expect.stringContaining("--limit must be an integer in [1, 10000]"),
    });
  });

  test("a missing picture is told", async () => {
    const { code, error } = await run(["predict", folder.path("model"), folder.path("absent.png")]);
    expect(error).toMatch(/^featuremap: Cannot read [^\n]*absent\.png: no such file or folder\. [^\n]*\n$/);
    expect(code).toBe(1);
  });

  test.for(["text", "cut short"])(
    "a file that is not a whole picture is told, and the others are answered: %s",
    async (kind) => {
      const whole = await sharp({ create: { width: 64, height: 64, channels: 3, background: "red" } })
        .png()
        .toBuffer();
      const [bad, good] = [folder.path("broken.png"), folder.path("good.png")];
      await writeFile(bad, kind === "text" ? "not a picture" : whole.subarray(0, whole.length / 2));
      await writeFile(good, whole);
      const words = ["predict", folder.path("model"), good, bad, good];
      const { code, output, error } = await run([...words, "--json"]);
      expect(error).toMatch(/^featuremap: [^\n]*broken\.png: the file must be an image [^\n]*\n$/);
      expect(code).toBe(1);
      const message = error.slice("featuremap: ".length, -1);
      expect(parseLines(output)).toMatchObject([
        { event: "image", image: good },
        { event: "error", image: bad, error: { code: "INVALID_FORMAT", message } },
        { event: "image", image: good },
        { event: "predict", images: 2, failed: 1 },
      ]);
      const forPeople = await run(words);
      expect(forPeople).toMatchObject({ code: 1, error });
      expect(forPeople.output.split("\n").map((line) => line.split(":")[0])).toEqual([good, good, ""]);
    },
  );

  test("reads black ink on paper as the digit that it is, as the page does", { timeout: 120_000 }, async () => {
    const lesson = ["--limit", "12000", "--epochs", "1", "--seed", "1"];
    await run(["train", "mnist", ...lesson, "--out", folder.path("digits")]);
    const seven = '<path d="M60 60H240L130 340" fill="none" stroke="black" stroke-width="26"/>';
    const paper = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="400"><rect width="300" height="400" fill="#f4f0e4"/>${seven}</svg>`;
    const path = folder.path("seven.jpg");
    await sharp(Buffer.from(paper)).jpeg().toFile(path);
    const { output } = await run(["predict", folder.path("digits/model"), path, "--json"]);
    expect(parseLines(output)[0]).toMatchObject({ label: "7" });
    expect(Number(parseLines(output)[0]?.["probability"])).toBeGreaterThan(0.9);
  });

  describe("files of all kinds", () => {
    const words = (...more: string[]): string[] => ["predict", folder.path("model"), ...more];
    const where = (): { folder: string } => ({ folder: folder.path("many") });
    beforeAll(async () => {
      const picture = await sharp({ create: { width: 28, height: 28, channels: 3, background: "white" } })
        .png()
        .toBuffer();
      const names = ["a.png", 'sub dir/b,"c".png', "sub dir/=d.png", "br[1]/e.png", ".hidden.png"];
      await writeFiles(folder.path("many"), {
        ...Object.fromEntries(names.map((name) => [name, picture])),
        "notes.txt": "none",
        "sub dir/broken.png": "no picture",
      });
    });

    test("a folder is gone through; others are left out, and a damaged picture is a failure", async () => {
      const { code, output, error } = await run(words(".", "--json"), where());
      expect(code).toBe(1);
      const events = parseLines(output);
      const named = (event: string) => events.filter((each) => each["event"] === event).map(({ image }) => image);
      expect(named("image")).toEqual([
        "a.png",
        join("br[1]", "e.png"),
        join("sub dir", "=d.png"),
        join("sub dir", 'b,"c".png'),
      ]);
      expect(named("skipped")).toEqual(["notes.txt"]);
      expect(named("error")).toEqual([join("sub dir", "broken.png")]);
      expect(events.at(-1)).toMatchObject({ event: "predict", images: 4, failed: 1, skipped: 1 });
      const lines = error.trimEnd().split("\n");
      expect(lines).toHaveLength(2);
      expect(lines[0]).toContain("broken.png: the file must be an image");
      expect(lines[1]).toBe("featuremap: Left out 1 file that is not a picture: notes.txt.");
    });

    test("a pattern, a name like one, and names on standard input", async () => {
      const { output } = await run(words("br[1]/*.png", "br[1]/e.png", "*.png", "--top", "1"), where());
      expect(
        output
          .replaceAll(/ \d+\.\d%/g, "")
          .replaceAll(/: \d/g, "")
          .split("\n"),
      ).toEqual([join("br[1]", "e.png"), "br[1]/e.png", "a.png", ""]);
      const piped = await run(words("-", "--null", "--format", "csv", "--top", "1"), {
        ...where(),
        input: ["a.png\0sub dir/", 'b,"c".png\0'],
      });
      expect(piped).toMatchObject({ code: 0, error: "" });
      expect(piped.output).toMatch(/^image,label,probability\na\.png,\d,0\.\d+\n"sub dir\/b,""c""\.png",\d,0\.\d+\n$/);
      const nothing = await run(words("-", "--format", "csv"), { ...where(), input: [] });
      expect(nothing).toEqual({ code: 0, output: "image,label,probability\n", error: "" });
    });

    test("answers go into a file, whole, in the form that its ending tells", async () => {
      const out = folder.path("answers.csv");
      const { code, output, error } = await run(words("a.png", "absent.png", "--out", out), where());
      expect({ code, output }).toEqual({ code: 1, output: `Wrote 1 answers to ${out}; 1 had none\n` });
      expect(error).toMatch(/^featuremap: Cannot read [^\n]*absent\.png[^\n]*\n$/);
      expect((await readFile(out, "utf8")).split("\n")[0]).toMatch(/^image,label,probability,label_2,/);
      const lines = folder.path("answers.jsonl");
      const { output: last } = await run(words("a.png", "absent.png", "--out", lines, "--json"), where());
      expect(parseLines(last)).toEqual([
        expect.objectContaining({ event: "predict", images: 1, failed: 1, out: lines }),
      ]);
      expect(parseLines(await readFile(lines, "utf8")).map(({ event }) => event)).toEqual(["image", "error"]);
      expect((await readdir(folder.path())).filter((name) => name.startsWith("."))).toEqual([]);
    });

    test.for([
      [["a.png", "--json", "--format", "csv"], "give --json or --format csv"],
      [["a.png", "--null"], "--null says how names on standard input end"],
      [["-", "-"], "standard input, which can be read only once"],
    ] as const)("what does not go together is wrong use: %s", async ([more, message]) => {
      const { code, output, error } = await run(words(...more), { ...where(), input: [] });
      expect({ code, output, error }).toEqual({ code: 2, output: "", error: expect.stringContaining(message) });
    });

    test("tells on standard error how far it is, where answers go elsewhere", async () => {
      const terminal = { ...where(), isErrorTTY: true, columns: 60 };
      const { output, error } = await run(words("a.png", "br[1]", "--format", "csv"), terminal);
      expect(output).not.toContain("\u001B");
      expect(error).toMatch(/\rClassifying {2}.* 2\/2 {2}\d[\d,]* images\/s {2}0:00 left/);
      expect(error.endsWith("\r\u001B[K")).toBe(true);
      const shown = await run(words("a.png"), { ...terminal, isTTY: true });
      expect(shown.error).toBe("");
    });
  });

  test("labels that would speak to the terminal are written out", async () => {
    const document = folder.path("loud/model.json");
    await saveSmallModel(folder.path("loud"));
    const text = await readFile(document, "utf8");
    await writeFile(document, text.replaceAll('"3"', String.raw`"\u001b[2J\u009b3"`));
    for (const words of [
      ["predict", folder.path("loud"), "mnist", "--top", "10"],
      ["summary", folder.path("loud")],
    ]) {
      const { code, output } = await run(words);
      expect(code).toBe(0);
      expect(output).toContain(String.raw`\u001b[2J\u009b3`);
      for (const obeyed of ["\u001b", "\u009b"]) expect(output).not.toContain(obeyed);
    }
    const { output } = await run(["summary", folder.path("loud"), "--json"]);
    expect(output).not.toContain("\u009b");
    expect(parseLines(output)[0]?.["labels"]).toContain("\u001b[2J\u009b3");
  });

  test("takes what a softmax gives as probabilities, also where it stands after a whole model", async () => {
    const inner = new Sequential([new Flatten({ inputShape: [1, 1, 1] }), new Dense({ units: 2 })]);
    inner.setWeights([HostArray.from([[0, 0]]), HostArray.from([2, 0])]);
    const model = new Sequential([inner, new Softmax()]);
    const description = { preprocessing: plainPreprocessing([1, 1], "grayscale", 1), labels: ["a", "b"] };
    await saveBundle(model, folder.path("softmax"), description);
    model.dispose();
    const path = folder.path("grey.png");
    await sharp(Uint8Array.of(7), { raw: { width: 1, height: 1, channels: 1 } })
      .png()
      .toFile(path);
    const { output } = await run(["predict", folder.path("softmax"), path, "--json"]);
    const { predictions } = parseLines(output)[0] as { predictions: { label: string; probability: number }[] };
    // Keras: softmax([2, 0]).
    expect(predictions.map(({ label }) => label)).toEqual(["a", "b"]);
    expect(predictions[0]?.probability).toBeCloseTo(0.8807971, 6);
    expect(predictions[1]?.probability).toBeCloseTo(0.1192029, 6);
  });
});
