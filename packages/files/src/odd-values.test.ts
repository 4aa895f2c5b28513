import { devNull } from "node:os";
import { join } from "node:path";
import { FeaturemapError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import * as page from "./disk.browser.ts";
import * as files from "./index.ts";

const nowhere = join(devNull, "none");
const oddValues = [
  nowhere,
  undefined,
  null,
  0,
  Number.NaN,
  "",
  "\0",
  true,
  Symbol("odd"),
  1n,
  [],
  {},
  () => 1,
  new Date(0),
];

/** Functions that take anything. */
const unchecked = new Set(["reasonOf"]);

describe("every function of the package", () => {
  const functions = Object.entries(files).filter(
    ([name, value]) => typeof value === "function" && !unchecked.has(name),
  );

  test.for(functions)("%s refuses odd values with this project's own errors", async ([, call]) => {
    const errors: unknown[] = [];
    for (const first of oddValues) {
      for (const second of oddValues) {
        const work = async (): Promise<unknown> => Reflect.apply(call, undefined, [first, second, second]);
        await work().catch((error: unknown) => errors.push(error));
      }
    }
    expect(errors.filter((error) => !(error instanceof FeaturemapError))).toEqual([]);
  });

  test("refuses misspelt options and tells the right name", async () => {
    await expect(Reflect.apply(files.readFileWhole, undefined, ["a", { limits: 1 }])).rejects.toThrow(
      "did you mean limit",
    );
    await expect(Reflect.apply(files.fetchWhole, undefined, ["http://a", { patient: 1 }])).rejects.toThrow("patience");
    await expect(Reflect.apply(files.lockFolder, undefined, ["a", "b", { patiense: 1 }])).rejects.toThrow("patience");
  });

  test("says in a page that there is no disk", async () => {
    for (const call of Object.values(page)) {
      await expect((async () => Reflect.apply(call, undefined, ["runs"]))()).rejects.toMatchObject({
        code: "UNAVAILABLE",
      });
    }
  });
});
