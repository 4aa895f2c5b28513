import { Conv2D, Dense, Flatten, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { expectOwnErrors, oddValues } from "@featuremap/testing/odd-values";
import { expect, test } from "vitest";
import * as explain from "./index.ts";
import { useDevice } from "./testing/devices.ts";

useDevice("cpu");

const model = new Sequential(
  [
    new Conv2D({ filters: 2, kernelSize: 2, inputShape: [4, 4, 1] }),
    new Flatten(),
    new Dense({ units: 2, activation: "softmax" }),
  ],
  { seed: 1 },
);
const images = new HostArray(Float32Array.from({ length: 16 }, Math.sin), [1, 4, 4, 1]);
const { embeddings, featureMaps, filtersOf, gradCam, layersOf, occlusion, pca, saliency } = explain;

/** What looks at images, and the options of each. */
const looking = {
  embeddings: [embeddings, ["layer"]],
  featureMaps: [featureMaps, ["layers"]],
  gradCam: [gradCam, ["layer", "classIndex", "output", "method"]],
  occlusion: [occlusion, ["size", "stride", "value", "classIndex", "output"]],
  saliency: [saliency, ["classIndex", "output", "smoothGrad"]],
} as const;
const shared = ["batchSize", "signal", "onProgress"];

test("every function of the package is called below", () => {
  expect(Object.keys(explain)).toEqual([...Object.keys(looking), "filtersOf", "layersOf", "pca"].toSorted());
});

test.for([...oddValues.entries()])("odd value %d is refused by name, or taken for what it is", async ([, value]) => {
  const odd = value as never;
  for (const [name, [look, options]] of Object.entries(looking)) {
    await expectOwnErrors(`${name}(odd)`, () => look(odd, images));
    await expectOwnErrors(`${name}(model, odd)`, () => look(model, odd));
    await expectOwnErrors(`${name}(model, [odd])`, () => look(model, [odd]));
    await expectOwnErrors(`${name}(model, images, odd)`, () => look(model, images, odd));
    for (const option of [...options, ...shared]) {
      await expectOwnErrors(`${name} with odd ${option}`, () => look(model, images, { [option]: odd }));
    }
  }
  for (const option of ["samples", "noise", "seed"]) {
    await expectOwnErrors(`saliency with odd ${option}`, () =>
      saliency(model, images, { smoothGrad: { [option]: odd } }),
    );
  }
  await expectOwnErrors("gradCam with a list of odd classes", () => gradCam(model, images, { classIndex: [odd] }));
  await expectOwnErrors("featureMaps with a list of odd layers", () => featureMaps(model, images, { layers: [odd] }));
  await expectOwnErrors("filtersOf(odd)", () => filtersOf(odd));
  await expectOwnErrors("filtersOf(model, odd)", () => filtersOf(model, odd));
  await expectOwnErrors("layersOf(odd)", () => layersOf(odd));
  await expectOwnErrors("pca(odd)", () => pca(odd));
  await expectOwnErrors("pca([odd])", () => pca([odd]));
  await expectOwnErrors("pca(rows, odd)", () =>
    pca(
      [
        [1, 2],
        [2, 4],
      ],
      odd,
    ),
  );
});

test("the model is disposed of", () => {
  model.dispose();
  expect(model.weights).toHaveLength(4);
});
