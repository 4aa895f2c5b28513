import { expect, test } from "vitest";
import { loadClassifier } from "./load-classifier.ts";
import { copyingBundle, picture } from "./testing/small-bundle.ts";

test.for([
  [{ calls: 1 }, "calls"],
  [{ elements: 3 }, "elements"],
  [{ operations: 5 }, "limits.operations"],
  [{ pixels: 3 }, "limits.pixels"],
  [{ documentBytes: 10 }, "limits.documentBytes"],
  [{ weightsBytes: 10 }, "limits.weightsBytes"],
] as const)("hands %j on to whoever loads the bundle", async ([limits, named]) => {
  await expect(loadClassifier(await copyingBundle(), { device: "cpu", limits })).rejects.toThrow(
    expect.objectContaining({ code: "INVALID_FORMAT", message: expect.stringContaining(named) }),
  );
});

test("takes what keeps to the limits", async () => {
  const limits = {
    calls: 10,
    elements: 16,
    operations: 1e3,
    pixels: 4,
    documentBytes: 1e6,
    weightsBytes: 1e6,
    picturePixels: 4,
  };
  const classifier = await loadClassifier(await copyingBundle(), { device: "cpu", limits });
  expect((await classifier.classify(picture(9, 0, 0, 0))).predictions[0]?.index).toBe(0);
  classifier.dispose();
});
