import { readFile } from "node:fs/promises";
import * as datasets from "@featuremap/datasets";
import * as devices from "@featuremap/devices";
import * as images from "@featuremap/images";
import * as layers from "@featuremap/layers";
import * as tensor from "@featuremap/tensor";
import { printedLines, runExample } from "@featuremap/testing/examples";
import { useBackend } from "@featuremap/testing/backend";
import * as training from "@featuremap/training";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";

useBackend(() => devices.openDevice());
afterAll(() => {
  // The examples' weights.
  tf.disposeVariables();
});

const modules = {
  "@featuremap/datasets": datasets,
  "@featuremap/devices": devices,
  "@featuremap/images": images,
  "@featuremap/layers": layers,
  "@featuremap/tensor": tensor,
  "@featuremap/training": training,
  "@tensorflow/tfjs-core": tf,
};

const page = await readFile(new URL("../../docs/tutorials/lessons.md", import.meta.url), "utf8");

/** A section with its example and what the page says that it prints. */
interface Lesson {
  readonly name: string;
  readonly code: string;
  readonly output: string;
}

const lessons: Lesson[] = Array.from(
  page.matchAll(/^## (L\d+)\. .*\n[^]*?(?=^## |(?![^]))/gm),
  ([section, name = ""]) => ({
    name,
    code: /```ts\n([^]*?)```/.exec(section)?.[1] ?? "",
    output: /```text\n([^]*?)\n```/.exec(section)?.[1] ?? "",
  }),
);

describe("the page of lessons", () => {
  test("has every lesson, each with an example", () => {
    expect(lessons.map(({ name }) => name)).toEqual(Array.from({ length: 15 }, (_, index) => `L${index + 1}`));
    for (const { code } of lessons) expect(code).not.toBe("");
  });

  test.for(lessons)("$name takes 12 lines at most, imports aside, and prints what the page says", async (lesson) => {
    const lines = lesson.code.split("\n").filter((line) => line !== "" && !line.startsWith("import "));
    expect.soft(lines.length).toBeLessThanOrEqual(12);
    tf.engine().startScope();
    const printed = await runExample(lesson.code, modules);
    tf.engine().endScope();
    expect(printedLines(printed).join("\n")).toBe(lesson.output);
  });
});
