import {
  Conv2D,
  Dense,
  Flatten,
  Input,
  MaxPooling2D,
  Model,
  Sequential,
  SpectralNormalization,
} from "@featuremap/layers";
import { expect, test } from "vitest";
import { layersOf } from "./index.ts";

test("layers are told by paths, in the order of computation, with what they are", () => {
  const inner = new Sequential(
    [
      new Conv2D({ filters: 2, kernelSize: 3, inputShape: [8, 8, 3], name: "first" }),
      new MaxPooling2D({ poolSize: 2 }),
    ],
    { name: "backbone" },
  );
  const image = Input({ shape: [8, 8, 3] });
  const wrapped = new SpectralNormalization({ layer: new Conv2D({ filters: 4, kernelSize: 1 }), name: "normal" });
  const flat = new Flatten({ name: "flat" }).apply(wrapped.apply(inner.apply(image)));
  const model = new Model({ inputs: image, outputs: new Dense({ units: 2, name: "answer" }).apply(flat) });
  const layers = layersOf(model);
  expect(layers.map(({ path }) => path)).toEqual([
    "backbone/first",
    expect.stringMatching(/^backbone\/max_pooling2d/),
    "backbone",
    "normal",
    "flat",
    "answer",
  ]);
  expect(layers.map((layer) => layer.isConvolution)).toEqual([true, false, false, true, false, false]);
  expect(layers[0]).toMatchObject({ className: "Conv2D", outputShape: [null, 6, 6, 2] });
  expect(layers.at(-1)).toMatchObject({ className: "Dense", outputShape: [null, 2] });
  model.dispose();
});

test("a layer that is used twice is one, and what is not a model is refused", () => {
  const image = Input({ shape: [4, 4, 1] });
  const shared = new Conv2D({ filters: 1, kernelSize: 3, padding: "same", name: "shared" });
  const model = new Model({ inputs: image, outputs: shared.apply(shared.apply(image)) });
  expect(layersOf(model).map(({ path }) => path)).toEqual(["shared"]);
  model.dispose();
  expect(() => layersOf({} as Model)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "model" }));
});
