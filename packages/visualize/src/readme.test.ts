import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import { expect, test } from "vitest";
import * as visualize from "./index.ts";

test("the README's example runs, and prints what its comments say", async () => {
  const example = await firstExample(new URL("../README.md", import.meta.url));
  const calls = await runExample(example, { "@featuremap/visualize": visualize });
  expect(printedLines(calls)).toEqual(promisedLines(example));
  expect(calls).toHaveLength(2);
});
