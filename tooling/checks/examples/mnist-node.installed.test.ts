import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadClassifier } from "@featuremap/inference";
import { expect, test } from "vitest";
import { useExample } from "./example-fixture.ts";

const example = useExample("mnist-node");

test("npm start trains, and writes the curves, the confusion matrix and a model", async () => {
  const output = await example().run("npm", "start", "--", "1");
  const [, percent] = /Right on ([\d.]+) % of 10000 test digits/.exec(output) ?? [];
  expect(Number(percent)).toBeGreaterThan(95);
  const written = (name: string): string => join(example().folder, "runs", "mnist", name);
  expect(await readFile(written("curves.svg"), "utf8")).toContain("accuracy, epoch 1");
  const matrix = await readFile(written("confusion.svg"), "utf8");
  expect(matrix.match(/<[^>]*data-row="\d"[^>]*data-column="\d"/g)?.length).toBeGreaterThanOrEqual(100);
  const classifier = await loadClassifier(written("model"));
  expect(classifier.labels).toEqual([..."0123456789"]);
  expect(classifier.metrics["accuracy"]).toBeCloseTo(Number(percent) / 100, 4);
  classifier.dispose();
});
