import { Dataset } from "@featuremap/datasets";
import {
  Concatenate,
  Dense,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  Model,
  Rescaling,
  Sequential,
} from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { Callback } from "../../run/callback.ts";
import { Trainer } from "../../trainer/trainer.ts";

useBackend(allowSavedTensors);

test("every epoch of a Dataset is its own: another order, and other random numbers", async () => {
  const seen: string[] = [];
  const numbers = Dataset.from([0, 1, 2, 3, 4, 5]).shuffle({ seed: 1 });
  const drawn = numbers.map((value, { epoch, random }) => ({ value, epoch, noise: random.uniform() }), { seed: 2 });
  const batches = drawn.batch(3).map((examples) => {
    seen.push(examples.map(({ value, epoch, noise }) => `${epoch}: ${value} ${noise}`).join());
    const x = new HostArray(
      Float32Array.from(examples, ({ value }) => value),
      [3, 1],
    );
    return {
      x,
      y: new HostArray(
        Int32Array.from(examples, ({ value }) => value % 2),
        [3],
      ),
    };
  });
  const model = new Sequential([new Dense({ units: 2, activation: "softmax", inputShape: [1] })], { seed: 1 });
  const trainer = new Trainer(model, { loss: "sparseCategoricalCrossentropy" });
  await trainer.fit(batches, { epochs: 3 });
  trainer.dispose();
  model.dispose();
  expect(seen.map((batch) => batch[0])).toEqual(["0", "0", "1", "1", "2", "2"]);
  expect(new Set(seen).size).toBe(6);
});

describe("lists of examples that Dataset.batch made", () => {
  /** Dark pictures and bright ones, as `files.images()` gives them. */
  const examples = Dataset.from(
    Array.from({ length: 12 }, (_, index) => {
      const label = index % 2;
      const data = new Uint8Array(4 * 4 * 3).fill(label === 0 ? 20 + index : 220 + index);
      return { image: { data, width: 4, height: 4 }, label, path: `${index}.png` };
    }),
  );
  const shades = (): Sequential =>
    new Sequential(
      [
        new Rescaling({ scale: 1 / 255, inputShape: [4, 4, 3] }),
        new GlobalAveragePooling2D(),
        new Dense({ units: 2, activation: "softmax" }),
      ],
      { seed: 1 },
    );
  const compiled = { optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] } as const;

  test("train, validate, evaluate and predict, as the same arrays do", async () => {
    const steps: number[] = [];
    class Steps extends Callback {
      override onTrainBegin(run: { readonly steps: number }): void {
        steps.push(run.steps);
      }
    }
    const bytes = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? 20 + index : 220 + index));
    const x = new HostArray(Uint8Array.from(bytes.flatMap((byte) => new Array<number>(48).fill(byte))), [12, 4, 4, 3]);
    const y = bytes.map((_, index) => index % 2);
    const numbers: unknown[] = [];
    for (const isDataset of [true, false]) {
      const model = shades();
      const trainer = new Trainer(model, compiled);
      const batches = examples.batch(5).prefetch(1);
      const { history, epoch } = isDataset
        ? await trainer.fit(batches, { epochs: 3, validation: batches, callbacks: [new Steps()] })
        : await trainer.fit({ x, y, batchSize: 5 }, { epochs: 3, shuffle: false, validation: { x, y, batchSize: 5 } });
      const evaluated = await trainer.evaluate(isDataset ? batches : { x, y, batchSize: 5 });
      const predicted = await trainer.predict(isDataset ? batches : x);
      numbers.push([history, epoch, evaluated, [...predicted.data]]);
      trainer.dispose();
      model.dispose();
    }
    expect(numbers[0]).toEqual(numbers[1]);
    expect(steps).toEqual([3]);
  });

  test("go by names to several inputs and outputs, with weights", async () => {
    const left = Input({ shape: [2], name: "left" });
    const right = Input({ shape: [4, 4, 3], name: "right" });
    const joined = new Concatenate().apply([left, new Flatten().apply(right)]);
    const outputs = [
      new Dense({ units: 2, activation: "softmax", name: "kind" }).apply(joined),
      new Dense({ units: 1, name: "size" }).apply(joined),
    ];
    const model = new Model({ inputs: [left, right], outputs, seed: 1 });
    const loss = { kind: "sparseCategoricalCrossentropy", size: "meanSquaredError" } as const;
    const trainer = new Trainer(model, { loss });
    const named = examples.map(({ image, label }) => ({
      x: { right: image, left: [label, 1] },
      y: { size: [label * 2], kind: label },
      sampleWeight: 1 + label,
    }));
    const { history } = await trainer.fit(named.shuffle({ seed: 1 }).batch(4), { epochs: 2 });
    expect(Object.keys(history)).toEqual(expect.arrayContaining(["loss", "kind_loss", "size_loss"]));
    const inputs = examples.map(({ image, label }) => ({ x: { left: [label, 1], right: image } }));
    const predicted = await trainer.predictAll(inputs.batch(5));
    expect(predicted.map(({ shape }) => shape)).toEqual([
      [12, 2],
      [12, 1],
    ]);
    trainer.dispose();
    model.dispose();
  });

  test("of unknown number train an epoch each, and stop where steps end", async () => {
    const model = shades();
    const trainer = new Trainer(model, compiled);
    const bright = examples.filter(({ image }) => image.data[0] !== 22).batch(4);
    expect((await trainer.fit(bright, { epochs: 2 })).epoch).toEqual([0, 1]);
    const endless = examples.repeat().shuffle({ seed: 1, buffer: 8 }).batch(4);
    expect((await trainer.fit(endless, { epochs: 2, stepsPerEpoch: 5 })).epoch).toEqual([0, 1]);
    trainer.dispose();
    model.dispose();
  });

  test("say what is wrong with them", async () => {
    const model = shades();
    const trainer = new Trainer(model, compiled);
    const fit = (data: Dataset<unknown>): Promise<unknown> => trainer.fit(data as never);
    await expect(fit(examples)).rejects.toThrow("Dataset: elements must be batches, as made by dataset.batch(32)");
    const odd = examples.map(({ image, label, path }, { index }) =>
      index === 3
        ? { image: { ...image, data: image.data.slice(24), height: 2 }, label, path }
        : { image, label, path },
    );
    await expect(fit(odd.batch(4))).rejects.toThrow(
      "Dataset.batch: x of element 3 (3.png) must be 4 x 4 pixels in 3 channels like that of element 0 (0.png); pictures of a batch " +
        "must have the same size: use images({ imageSize }), or map with resizePixels, received 4 x 2 pixels in 3 channels.",
    );
    await expect(fit(examples.map(({ image }) => ({ image })).batch(4))).rejects.toThrow(
      "Trainer.fit batch: y must be",
    );
    await expect(fit(examples.take(0).batch(4))).rejects.toThrow(
      "Trainer.fit: size of the data must be one batch or more",
    );
    await expect(fit(examples.filter(() => false).batch(4))).rejects.toThrow("one batch or more");
    trainer.dispose();
    model.dispose();
  });
});
