import { HostArray } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import * as layers from "./index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

const { Add, Conv2D, Dense, Flatten, Input, Model, Sequential } = layers;

/** Calls as plain JavaScript makes them, without types. */
type Untyped = Record<string, (...given: unknown[]) => unknown>;
const untyped = layers as unknown as Record<string, new (...given: unknown[]) => unknown>;
const make = (name: string, ...given: unknown[]): unknown => {
  const made = untyped[name];
  return made && new made(...given);
};

describe("methods that Keras's and TensorFlow.js's models have", () => {
  const models = {
    Sequential: () => new Sequential([new Dense({ units: 1, inputShape: [2] })]),
    Model: () => {
      const input = Input({ shape: [2] });
      return new Model({ inputs: input, outputs: new Flatten().apply(input) });
    },
  };

  test.for([
    ["compile", "new Trainer(model, { optimizer, loss, metrics }) of @featuremap/training."],
    ["fit", "await trainer.fit(x, y, { epochs })."],
    ["fitDataset", "await trainer.fit(data, { epochs })."],
    ["evaluate", "await trainer.evaluate(x, y)."],
    ["evaluateDataset", "await trainer.evaluate(data)."],
    ["trainOnBatch", "await trainer.trainOnBatch(x, y)."],
    ["testOnBatch", "await trainer.testOnBatch(x, y)."],
    ["predictOnBatch", "Write model.predict(x), which takes one batch."],
    ["save", "Write await saveBundle(model, folder, { preprocessing, labels }) of @featuremap/formats."],
    [
      "saveWeights",
      "Write await saveBundle(model, folder, { preprocessing, labels }) of @featuremap/formats, which saves",
    ],
    ["loadWeights", "Write const { model } = await loadBundle(folder) of @featuremap/formats"],
  ] as const)("%s tells what to write", ([name, remedy]) => {
    for (const model of Object.values(models)) {
      const call = (): unknown => (model() as unknown as Untyped)[name]?.({ epochs: 1 });
      expect(call).toThrow(expect.objectContaining({ code: "UNAVAILABLE", message: expect.stringContaining(remedy) }));
      expect(call).toThrow(`Model: ${name} is not a method here.`);
    }
  });

  test("are unknown to types, are in no list of a model's members, and may be a subclass's own", () => {
    // @ts-expect-error -- TypeScript shall find the call before it runs.
    expect(() => models.Model().fit([[1, 2]], [1])).toThrow("await trainer.fit");
    const members: string[] = [];
    for (const name in models.Sequential()) members.push(name);
    expect(members).not.toContain("fit");
    class Own extends Sequential {
      fit(): string {
        return "fitted";
      }
    }
    expect(new Own().fit()).toBe("fitted");
  });
});

describe("arguments without names, as Python and older JavaScript give them", () => {
  const input = Input({ shape: [4, 4, 2] });

  test.for([
    ["Dense", [10], "{ units: 10, ... }"],
    ["Conv2D", [32, 3], "{ filters: 32, ... }"],
    ["Dropout", [0.5], "{ rate: 0.5, ... }"],
    ["MaxPooling2D", [[2, 2]], "{ poolSize: [2, 2], ... }"],
    ["L2", [0.01], "{ l2: 0.01 }"],
    ["Constant", [1], "{ value: 1 }"],
    ["Model", [input, input], "{ inputs, outputs, ... }"],
    ["Model", [[input], [input]], "{ inputs, outputs, ... }"],
    ["Sequential", [[], "net"], '{ name: "net", ... }'],
  ] as const)("new %s(%j) is shown with them", ([name, given, shown]) => {
    expect(() => make(name, ...given)).toThrow(
      expect.objectContaining({
        code: "INVALID_CONFIG",
        message: expect.stringContaining(`options must be an object, as ${shown}, received`),
      }),
    );
  });

  test.for([
    ["Rescaling", 1 / 255, { scale: 1 / 255 }],
    ["Rescaling", [1, 2], { scale: [1, 2] }],
    ["RandomFlip", "horizontal", { mode: "horizontal" }],
    ["Activation", "relu", { activation: "relu" }],
    ["Permute", [2, 1], { dims: [2, 1] }],
    ["Reshape", [4], { target_shape: [4] }],
    ["RepeatVector", 3, { n: 3 }],
  ] as const)("new %s(%j, options) takes the other options, and nothing silently", ([name, first, expected]) => {
    const layer = make(name, first, { name: "own", inputShape: [2, 2] }) as layers.Layer;
    expect(layer.getConfig()).toMatchObject({ name: "own", ...expected });
    const option = Object.keys(layer.config).find((each) => !["name", "inputShape"].includes(each)) ?? "";
    expect(() => make(name, first, 0)).toThrow(`${name}: options must be an object`);
    expect(() => make(name, first, { [option]: first })).toThrow(`${name}: ${option} must be given once`);
    expect(() => make(name, { [option]: first }, { name: "own" })).toThrow("with nothing after it");
  });

  test("a first layer says what a model is given after its first option", () => {
    const scaling = new layers.Rescaling(1 / 255, { inputShape: [2, 2, 3] });
    expect(new Sequential([scaling]).inputShape).toEqual([null, 2, 2, 3]);
  });

  test("Input(shape) is too", () => {
    const call = (layers as unknown as Untyped)["Input"];
    expect(() => call?.([28, 28, 1])).toThrow("Input: options must be an object, as { shape: [28, 28, 1], ... }");
  });

  test("layers that are no list, and inputs that are none, are shown as one", () => {
    const list = "layers must be a list of layers: new Sequential([first, second]), received Flatten.";
    expect(() => make("Sequential", new Flatten(), new Dense({ units: 1 }))).toThrow(list);
    for (const values of [[input, input] as const, [[[1]], [[2]]] as const]) {
      const add = new Add() as unknown as Untyped;
      expect(() => add["apply"]?.(...values)).toThrow("several inputs go in one list, apply([a, b])");
    }
    const conv = new Conv2D({ filters: 1, kernelSize: 1 }) as unknown as Untyped;
    expect(() => conv["apply"]?.(input, { traning: true })).toThrow("did you mean training?");
  });
});

describe("values as people have them at hand", () => {
  const sum = (): layers.Model => {
    const [a, b] = [Input({ shape: [2], name: "a" }), Input({ shape: [2], name: "b" })];
    return new Model({ inputs: [a, b], outputs: new layers.Subtract().apply([a, b]) });
  };
  const [a, b] = [[[5, 7]], [[1, 2]]];

  test("predict takes inputs by name, as a record or a Map", () => {
    const given = [
      { b, a },
      new Map([
        ["b", b],
        ["a", a],
      ]),
    ];
    for (const each of given) {
      const output = sum().predict(each);
      expect([...output.dataSync()]).toEqual([4, 5]);
      output.dispose();
      const [other] = sum().predictAll(each);
      expect([...(other?.dataSync() ?? [])]).toEqual([4, 5]);
      other?.dispose();
    }
    expect(() => sum().predict({ a })).toThrow("inputs must be given for b too");
    expect(() => sum().predict({ a, c: b })).toThrow('inputs must be by the names a, b, received "c"');
  });

  test.for(["predict", "predictAll"])("%s refuses options, which it would not read", (method) => {
    const model = new Sequential([new Dense({ units: 1, inputShape: [2] })]);
    const call = (): unknown => (model as unknown as Untyped)[method]?.([[1, 2]], { batchSize: 32 });
    expect(call).toThrow(`trainer.${method}(x, { batchSize }) of @featuremap/training`);
    model.dispose();
  });

  test("one example without its batch axis is called that", () => {
    const model = new Sequential([new Flatten({ inputShape: [2, 2] })]);
    expect(() =>
      model.predict([
        [1, 2],
        [3, 4],
      ]),
    ).toThrow("received (2, 2): one example, which needs a batch axis of 1 before it.");
    expect(() => model.predict([[1, 2, 3]])).toThrow("received (1, 3).");
  });

  test("setWeights takes nested lists", async () => {
    const model = new Sequential([new Dense({ units: 1, inputShape: [2] })]);
    model.setWeights([[[1], [2]], [3]]);
    expect((await model.getWeights()).map(({ data }) => [...data])).toEqual([[1, 2], [3]]);
    expect(() =>
      model.setWeights([
        [[1], [2]],
        [3, 4],
      ]),
    ).toThrow("must be (1,), received (2,)");
    const untypedLists = [[["x"], [2]], [3]] as unknown as HostArray[];
    expect(() => model.setWeights(untypedLists)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
    model.dispose();
  });

  test("Normalization adapts to nested lists", async () => {
    const rows = [
      [1, 10],
      [3, 30],
    ];
    const [plain, known] = [new layers.Normalization(), new layers.Normalization()];
    await plain.adapt(rows);
    await known.adapt(HostArray.from(rows));
    expect(await plain.getWeights()).toEqual(await known.getWeights());
    plain.dispose();
    known.dispose();
  });

  test("Model is called Model in errors, as it was typed", () => {
    expect(() => make("Model", { input: 1 })).toThrow("Model: options must be");
    expect(() => make("Model", {})).toThrow("Model: inputs must be");
  });
});
