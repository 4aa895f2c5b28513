import { openDevice } from "@featuremap/devices";
import {
  Activation,
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  type Model,
  Model as Functional,
  Sequential,
  outputMeaning,
} from "@featuremap/layers";
import { HostArray, ShapeError } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { type Head, findHead } from "@featuremap/training";
import { canReorder, endOfBase, findLastDense, reorderHead, replaceHead } from "./network-head.ts";
import { resizeNetwork } from "./resize-network.ts";

useBackend(() => openDevice("cpu"));

const seeing = (): Conv2D => new Conv2D({ filters: 2, kernelSize: 3, name: "seeing" });

function base(): Functional {
  const input = Input({ shape: [6, 6, 1] });
  const seen = new BatchNormalization().apply(seeing().apply(input));
  return new Functional({ inputs: input, outputs: new GlobalAveragePooling2D().apply(seen), name: "base" });
}

const networks: Readonly<Record<string, () => Model>> = {
  "one after another": () =>
    new Sequential([Input({ shape: [6, 6, 1] }), seeing(), new Flatten(), new Dense({ units: 3 }), softmax()]),
  functional: () => {
    const { input, output } = base();
    return new Functional({ inputs: input, outputs: new Dense({ units: 3, activation: "softmax" }).apply(output) });
  },
  "with a base within": () => new Sequential([base(), new Dense({ units: 3, activation: "softmax" })]),
  "with its head within": () => {
    const input = Input({ shape: [6, 6, 1] });
    const top = new Sequential([new Dense({ units: 4 }), new Dense({ units: 3 }), softmax()], { name: "top" });
    return new Functional({ inputs: input, outputs: top.apply(base().apply(input)) });
  },
};

function softmax(): Activation {
  return new Activation({ activation: "softmax" });
}

function headOf(model: Model): Head {
  const { head } = findHead(model);
  if (head === undefined) throw new Error("no head");
  return head;
}

const picture = new HostArray(
  Float32Array.from({ length: 36 }, (_, place) => (place % 7) - 3),
  [1, 6, 6, 1],
);

async function answer(model: Model): Promise<number[]> {
  const output = model.predict(picture);
  const values = [...(await output.data())];
  output.dispose();
  return values;
}

describe.for(Object.entries(networks))("a network %s", ([, make]) => {
  test("gets a last layer for other classes, and keeps what it has seen", async () => {
    const model = make();
    const before = await findSeeing(model).kernel.read();
    for (const [activation, meaning] of [
      ["softmax", "probabilities"],
      ["linear", "logits"],
    ] as const) {
      const given = make();
      const changed = replaceHead(given, headOf(given), 5, activation, 7);
      expect(changed.output.shape).toEqual([null, 5]);
      expect(outputMeaning(changed)).toBe(meaning);
      expect(findLastDense(changed)?.dense.units).toBe(5);
      expect(changed.className).toBe(model.className);
      changed.dispose();
    }
    const [one, same, other] = [7, 7, 8].map((seed) => {
      const given = make();
      return replaceHead(given, headOf(given), 5, "softmax", seed);
    });
    const kernels = await Promise.all(
      [one, same, other].map(async (each) => each && findLastDense(each)?.dense.kernel.read()),
    );
    expect(kernels[0]).toEqual(kernels[1]);
    expect(kernels[0]).not.toEqual(kernels[2]);
    const kept = replaceHead(model, headOf(model), 5, "softmax", 7);
    expect(await findSeeing(kept).kernel.read()).toEqual(before);
    for (const each of [one, same, other, kept]) each?.dispose();
  });

  test("brings its answers into another order", async () => {
    const model = make();
    const [first = 0, second = 0, third = 0] = await answer(model);
    const head = headOf(model);
    expect(canReorder(head, 3)).toBe(true);
    await reorderHead(head, [2, 0, 1]);
    const moved = await answer(model);
    [third, first, second].forEach((value, index) => expect(moved[index]).toBeCloseTo(value, 6));
    model.dispose();
  });
});

test("of a single answer the other class has the rest", async () => {
  const model = new Sequential([
    new Flatten({ inputShape: [6, 6, 1] }),
    new Dense({ units: 1, activation: "sigmoid" }),
  ]);
  const [before = 0] = await answer(model);
  const head = headOf(model);
  await reorderHead(head, [0, 1]);
  expect(await answer(model)).toEqual([before]);
  await reorderHead(head, [1, 0]);
  expect((await answer(model))[0]).toBeCloseTo(1 - before, 6);
  model.dispose();
});

test("a network that ends in no dense layer has no head", () => {
  const model = base();
  expect(findLastDense(model)).toBeUndefined();
  expect(findHead(model)).toMatchObject({ head: undefined });
  model.dispose();
});

describe("pictures of another size", () => {
  test("go through a base within too, with the same weights", async () => {
    const model = new Sequential([base(), new Dense({ units: 3 })]);
    const resized = await resizeNetwork(model, [9, 12], () => []);
    expect(resized.inputShape).toEqual([null, 9, 12, 1]);
    expect(await resized.getWeights()).toEqual(await model.getWeights());
    resized.dispose();
    model.dispose();
  });

  test("may be seen by a last layer that is replaced, and by no other", async () => {
    const flat = new Sequential([seeing(), new Flatten(), new Dense({ units: 3, name: "answer" })]);
    flat.build([null, 6, 6, 1]);
    await expect(resizeNetwork(flat, [8, 8], () => [])).rejects.toThrow(ShapeError);
    const resized = await resizeNetwork(flat, [8, 8], (model) => [headOf(model).first]);
    expect(await findSeeing(resized).kernel.read()).toEqual(await findSeeing(flat).kernel.read());
    resized.dispose();
    flat.dispose();
  });
});

function findSeeing(model: Model): Conv2D {
  const layers = model.layers.flatMap((layer) => [layer, ...(layer.innerLayers ?? [])]);
  const found = layers.find((layer) => layer instanceof Conv2D);
  if (!(found instanceof Conv2D)) throw new Error("no convolution");
  return found;
}

test("what frozen layers make of a picture ends before the last layer, and before what draws random numbers", () => {
  const classesOf = (model: Model): string | undefined => {
    const name = endOfBase(model);
    const layer = name === undefined ? undefined : model.getLayer(name);
    model.dispose();
    return layer?.className;
  };
  const ends = Object.entries(networks).map(([name, make]) => [name, classesOf(make())]);
  expect(Object.fromEntries(ends)).toEqual({
    "one after another": "Flatten",
    functional: "GlobalAveragePooling2D",
    "with a base within": "Functional",
    "with its head within": undefined,
  });
  const dropping = new Sequential([
    base(),
    new Dropout({ rate: 0.5 }),
    new Dropout({ rate: 0.1 }),
    new Dense({ units: 3 }),
  ]);
  expect(classesOf(dropping)).toBe("Functional");
  expect(classesOf(new Sequential([new Flatten({ inputShape: [6, 6, 1] }), new Dense({ units: 3 })]))).toBe("Flatten");
  expect(classesOf(new Sequential([new Dense({ units: 3, inputShape: [4] })]))).toBeUndefined();
  const twice = new Dense({ units: 4 });
  const input = Input({ shape: [4] });
  const outputs = new Dense({ units: 3 }).apply(twice.apply(twice.apply(input)));
  expect(classesOf(new Functional({ inputs: input, outputs }))).toBeUndefined();
});
