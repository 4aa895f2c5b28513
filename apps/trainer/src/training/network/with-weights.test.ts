import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { saveKerasWeights } from "@featuremap/formats/keras";
import { Conv2D, Dense, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../testing/saved-model.ts";
import { withWeights } from "./with-weights.ts";

const folder = temporaryFolder();
/** A model of Keras whose last layer is dense, in the older form that knows the order of the layers alone. */
const whole = fileURLToPath(new URL("../../../../../packages/formats/src/keras/fixtures/trained.h5", import.meta.url));

function makeModel(filters: readonly number[]): Sequential {
  const convolutions = filters.map((count) => new Conv2D({ filters: count, kernelSize: 1 }));
  const [first = 1] = filters;
  return new Sequential([
    new Conv2D({ filters: first, kernelSize: 1, inputShape: [4, 4, 3] }),
    ...convolutions.slice(1),
    new GlobalAveragePooling2D(),
    new Dense({ units: 2 }),
  ]);
}

async function saveBase(name: string, filters: number, value: number): Promise<void> {
  const base = new Sequential([new Conv2D({ filters, kernelSize: 1, inputShape: [4, 4, 3] })]);
  base.weights[1]?.assign(new HostArray(new Float32Array(filters).fill(value), [filters]));
  await saveKerasWeights(base, folder.path(name));
  base.dispose();
}

describe("withWeights", () => {
  beforeAll(async () => {
    await saveBase("good.weights.h5", 2, 1);
    await saveBase("wide.weights.h5", 3, 1);
    await saveBase("poisoned.weights.h5", 2, Number.NaN);
    await saveBase("infinite.weights.h5", 2, Number.NEGATIVE_INFINITY);
    const good = await readFile(folder.path("good.weights.h5"));
    await writeFile(folder.path("cut.weights.h5"), good.subarray(0, good.length / 2));
    await writeFile(folder.path("page.h5"), "<!doctype html><title>Not found</title>");
  });

  test("gives the base what the file holds", async () => {
    const model = await withWeights(makeModel([2]), folder.path("good.weights.h5"));
    expect([...((await model.weights[1]?.read())?.data ?? [])]).toEqual([1, 1]);
    model.dispose();
  });

  test("points to the file without the top where the file has one", async () => {
    await expect(withWeights(makeModel([2]), whole)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("whose name has no_top or notop") as string,
    });
  });

  test.for([
    ["is cut off", "cut.weights.h5", "cut off"],
    ["is a page", "page.h5", "weights of Keras: .weights.h5"],
    ["holds NaN", "poisoned.weights.h5", "/bias must be finite numbers, to start a training from, found NaN"],
    ["holds an infinite number", "infinite.weights.h5", "found -Infinity"],
  ])("gives the reason alone where the file %s", async ([, name = "", message]) => {
    await expect(withWeights(makeModel([2]), folder.path(name))).rejects.toMatchObject({
      code: "INVALID_FORMAT",
      message: expect.not.stringContaining("no_top") as string,
    });
    await expect(withWeights(makeModel([2]), folder.path(name))).rejects.toThrow(message);
  });

  test("points to the whole model where the file has fewer layers than the network", async () => {
    const message = /must be 8, as many as the model has, found \d\. .* give the whole model, as --model FILE\.keras/;
    await expect(withWeights(makeModel([1, 2, 3, 4, 5, 6, 7, 8]), whole)).rejects.toThrow(message);
  });

  test("and where it is of another width", async () => {
    const message = /found shapes \(1, 1, 3, 3\).* For another width give the whole model/;
    await expect(withWeights(makeModel([2]), folder.path("wide.weights.h5"))).rejects.toThrow(message);
  });
});
