import { readFile, writeFile } from "node:fs/promises";
import { saveBundle } from "@featuremap/formats";
import { Dense, Flatten, Sequential, Softmax } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { parseLines, run } from "../testing/run.ts";
import { saveSmallModel, temporaryFolder } from "../testing/saved-model.ts";

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
    [["--count", "10001"], "predict: --count must be an integer in [1, 10000], for there are no more images"],
    [["--top", "11"], "predict: --top must be an integer in [1, 10], for the model has no more labels"],
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
    "a file that is no whole picture is told, and the others are answered: %s",
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
