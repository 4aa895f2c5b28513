import { expectOwnErrors, oddValues } from "@featuremap/testing/odd-values";
import { loadBundle } from "@featuremap/formats";
import { pictureReader } from "@featuremap/images";
import { describe, expect, test } from "vitest";
import * as inference from "./index.ts";
import { copyingBundle, picture } from "./testing/small-bundle.ts";

const { loadClassifier, readPicture } = inference;

test("every function of the package is called below", () => {
  expect(Object.keys(inference)).toEqual(["loadClassifier", "readPicture"]);
});

test.for([...oddValues.entries()])("odd value %d is refused by name, or taken for what it is", async ([, value]) => {
  const files = await copyingBundle();
  const bundle = await loadBundle(files);
  const odd = value as never;
  await expectOwnErrors("loadClassifier(odd)", () => loadClassifier(odd));
  await expectOwnErrors("loadClassifier(bundle, odd)", () => loadClassifier(bundle, odd));
  for (const part of ["model", "labels", "preprocessing"]) {
    const altered = { ...bundle, [part]: odd };
    await expectOwnErrors(`loadClassifier of odd ${part}`, () => loadClassifier(altered, { device: "cpu" }));
  }
  for (const option of ["device", "signal", "onProgress", "outputs", "limits"]) {
    const options = { device: "cpu", [option]: odd } as const;
    await expectOwnErrors(`loadClassifier with odd ${option}`, () => loadClassifier(bundle, options));
  }
  for (const limit of ["calls", "elements", "documentBytes", "weightsBytes", "pixels", "picturePixels"]) {
    const options = { device: "cpu", limits: { [limit]: odd } } as const;
    await expectOwnErrors(`loadClassifier with odd limits.${limit}`, () => loadClassifier(bundle, options));
    await expectOwnErrors(`loadClassifier of files with odd ${limit}`, () => loadClassifier(files, options));
  }
  await expectOwnErrors("readPicture(odd)", () => readPicture(odd));
  await expectOwnErrors("readPicture(picture, odd)", () => readPicture(picture(1, 2, 3, 4), odd));
  await expectOwnErrors("readPicture with odd pixels", () => readPicture(picture(1, 2, 3, 4), { picturePixels: odd }));
  const classifier = await loadClassifier(bundle, { device: "cpu" });
  await expectOwnErrors("classify(odd)", () => classifier.classify(odd));
  await expectOwnErrors("classify(picture, odd)", () => classifier.classify(picture(1, 2, 3, 4), odd));
  await expectOwnErrors("classify with odd topK", () => classifier.classify(picture(1, 2, 3, 4), { topK: odd }));
  await expectOwnErrors("classifyBatch(odd)", () => classifier.classifyBatch(odd));
  await expectOwnErrors("classifyBatch([odd])", () => classifier.classifyBatch([odd]));
  for (const part of ["data", "width", "height"]) {
    const altered = { ...picture(1, 2, 3, 4), [part]: odd };
    await expectOwnErrors(`classify of odd ${part}`, () => classifier.classify(altered));
  }
  classifier.dispose();
});

test("a bundle put together by hand is checked as one that is loaded", async () => {
  const bundle = await loadBundle(await copyingBundle());
  const labels = bundle.labels.map(() => "one for all");
  await expect(loadClassifier({ ...bundle, labels }, { device: "cpu" })).rejects.toMatchObject({
    code: "INVALID_CONFIG",
    option: "source.labels",
    message: expect.stringContaining("at least two different names"),
  });
});

describe("misspelt options are refused with the right name", () => {
  test("of loadClassifier", async () => {
    const files = await copyingBundle();
    await expect(loadClassifier(files, { devise: "cpu" } as never)).rejects.toThrow("did you mean device?");
    await expect(loadClassifier(files, { limits: { pixel: 1 } as never })).rejects.toThrow("did you mean pixels?");
  });

  test("of classify", async () => {
    const classifier = await loadClassifier(await copyingBundle(), { device: "cpu" });
    await expect(classifier.classify(picture(1, 2, 3, 4), { topk: 2 } as never)).rejects.toThrow("did you mean topK?");
    classifier.dispose();
  });
});

test.for([{ width: 3, height: 2 }, { naturalWidth: 3 }, { data: new Float32Array(4), width: 1, height: 1 }, "a.png"])(
  "what has a width is not a picture for that: %j",
  (value) => {
    expect(() => pictureReader("classify", value as never)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "picture" }),
    );
  },
);
