import { readFile } from "node:fs/promises";
import { loadKeras, encodeKeras } from "@featuremap/formats/keras";
import { Dense, Sequential } from "@featuremap/layers";
import { HostArray, sizeOf } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { expect, test, vi } from "vitest";
import { SparseCategoricalCrossentropy } from "../losses/crossentropy/sparse-categorical-crossentropy.ts";
import { MeanSquaredError } from "../losses/regression/mean-squared-error.ts";
import { Adam } from "../optimizers/adam.ts";
import { OneCycle } from "../schedules/one-cycle.ts";
import { ExponentialDecay } from "../schedules/exponential-decay.ts";
import { Trainer } from "../trainer/trainer.ts";
import { readKerasTraining, trainerFromKeras } from "./keras-training.ts";

useBackend(allowSavedTensors);

/** Files that Keras wrote after three steps; `tooling/fixtures/formats/keras_models.py` made them. */
const fixtures = new URL("../../../formats/src/keras/fixtures/", import.meta.url);
const file = (name: string): Promise<Uint8Array> => readFile(new URL(name, fixtures));

/** The same batches as in the script. */
async function step(trainer: Trainer, number: number): Promise<number> {
  const shape = [6, 8, 8, 3];
  const pictures = Float32Array.from({ length: sizeOf(shape) }, (_, at) => (((at + 1) * 37 + number * 11) % 101) / 101);
  const labels = Int32Array.from({ length: 6 }, (_, index) => (index * 3 + number) % 5);
  const logs = await trainer.trainOnBatch(new HostArray(pictures, shape), new HostArray(labels, [6]));
  return logs["loss"] ?? Number.NaN;
}

test.for(["trained.keras", "trained.h5"])("training goes on where Keras stopped: %s", async (name) => {
  const { after } = JSON.parse(await readFile(new URL("models.json", fixtures), "utf8")) as { after: number[] };
  const { model, training } = await loadKeras(await file(name));
  if (training === undefined) throw new Error("no training");
  const trainer = trainerFromKeras(model, training);
  const losses: number[] = [];
  for (const index of after.keys()) losses.push(await step(trainer, 3 + index));
  for (const [index, loss] of losses.entries()) expect(loss).toBeCloseTo(after[index] ?? Number.NaN, 4);
  // What is written and read here goes on alike to the bit.
  const again = await loadKeras(await encodeKeras(model, { training: await readKerasTraining(trainer) }));
  const other = trainerFromKeras(again.model, again.training ?? { compile: {} });
  expect(await step(other, 7)).toBe(await step(trainer, 7));
  for (const each of [trainer, other, model, again.model]) each.dispose();
});

test("nothing is noted of a model that Keras has compiled and never fitted", async () => {
  const { model, training } = await loadKeras(await file("compiled.keras"));
  expect(training?.variables).toHaveLength(2);
  const onNote = vi.fn<(note: string) => void>();
  const trainer = trainerFromKeras(model, training, { onNote });
  expect(onNote).not.toHaveBeenCalled();
  await trainer.fit({ x: [[1, 2]], y: [1] });
  expect(trainer.optimizer.iterations).toBe(1);
  for (const each of [trainer, model]) each.dispose();
});

test.for<[string, string]>([
  ["keras2.3-sgd.h5", "decay"],
  ["keras2.10-adam.h5", "adam"],
  ["keras2.12-adam.h5", "adam"],
  ["keras2.13-sgd.keras", "sgd"],
  ["keras2.15-rmsprop.keras", "rmsprop"],
])("training goes on where Keras 2 stopped: %s", async ([name, training]) => {
  const golden = JSON.parse(await readFile(new URL("keras2-models.json", fixtures), "utf8")) as Record<
    string,
    number[]
  >;
  const loaded = await loadKeras(await file(name));
  expect(loaded.notes).toEqual([]);
  const trainer = trainerFromKeras(loaded.model, loaded.training);
  for (const [index, loss] of (golden[training] ?? []).entries())
    expect(await step(trainer, 3 + index)).toBeCloseTo(loss, 4);
  trainer.dispose();
  loaded.model.dispose();
});

function small(config: ConstructorParameters<typeof Trainer>[1]): Trainer {
  return new Trainer(new Sequential([new Dense({ units: 3, inputShape: [2] })]), config);
}

test("losses, metrics and schedules are written as Keras has them", async () => {
  const trainer = small({
    optimizer: new Adam({
      learningRate: new ExponentialDecay({ initialLearningRate: 1, decaySteps: 2, decayRate: 0.5 }),
    }),
    loss: new SparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ["accuracy", "sparseTopKCategoricalAccuracy", "logCoshError", new MeanSquaredError()],
    lossWeights: [2],
  });
  const { compile, variables } = await readKerasTraining(trainer);
  expect(compile).toMatchObject({
    optimizer: {
      module: "keras.optimizers",
      class_name: "Adam",
      config: { learning_rate: { class_name: "ExponentialDecay" }, beta_1: 0.9 },
    },
    loss: { module: "keras.losses", class_name: "SparseCategoricalCrossentropy", config: { from_logits: true } },
    metrics: [
      "accuracy",
      "sparse_top_k_categorical_accuracy",
      "log_cosh_error",
      { module: "keras.metrics", class_name: "MeanSquaredError" },
    ],
    loss_weights: [2],
  });
  // The count, and two slots for kernel and bias; the rate is the schedule's.
  expect(variables?.map(({ shape }) => shape)).toEqual([[], [2, 3], [2, 3], [3], [3]]);
  const again = trainerFromKeras(trainer.model, { compile, variables });
  expect(await readKerasTraining(again)).toEqual({ compile, variables });
  for (const each of [trainer, again]) each.dispose();
  trainer.model.dispose();
});

test("of an optimizer that scales losses the one inside goes on", async () => {
  const trainer = small({ optimizer: new Adam({ learningRate: 1 / 64 }), loss: "mse" });
  await trainer.fit({ x: [[1, 2]], y: [[1, 2, 3]] }, { verbose: 0 });
  const { compile, variables = [] } = await readKerasTraining(trainer);
  const [steps, scale] = [new HostArray(Int32Array.of(0), []), new HostArray(Float32Array.of(32_768), [])];
  // As Keras 3.15.1 writes them under the policy mixed_float16, the first time with the optimizer's own name.
  const scaled = [steps, scale, steps, scale, ...variables];
  const around = {
    class_name: "LossScaleOptimizer",
    config: { inner_optimizer: compile["optimizer"], initial_scale: 32_768 },
  };
  for (const optimizer of [compile["optimizer"], around]) {
    const again = trainerFromKeras(trainer.model, { compile: { ...compile, optimizer }, variables: scaled });
    expect(await readKerasTraining(again)).toEqual({ compile, variables });
    again.dispose();
  }
  trainer.dispose();
  trainer.model.dispose();
});

test("an optimizer that scales losses and never took a step starts with the first", async () => {
  const model = new Sequential([new Dense({ units: 3, inputShape: [2], useBias: false })]);
  const { compile } = await readKerasTraining(new Trainer(model, { optimizer: new Adam(), loss: "mse" }));
  const [count, none, rate] = [new HostArray(Int32Array.of(0), []), zeros([]), new HostArray(Float32Array.of(0.5), [])];
  // As Keras 3.15.1 writes them under the policy mixed_float16: as many as Adam has for a single weight.
  const again = trainerFromKeras(model, { compile, variables: [count, none, count, rate] });
  expect(again.optimizer.iterations).toBe(0);
  for (const each of [again, model]) each.dispose();
});

const zeros = (shape: readonly number[]): HostArray => new HostArray(new Float32Array(sizeOf(shape)), shape);

test.for(["frozen", "unfrozen"])(
  "of layers %s after compiling the optimizer starts anew, as in Keras",
  async (kind) => {
    const first = new Dense({ units: 2, inputShape: [2], trainable: kind === "frozen" });
    const model = new Sequential([first, new Dense({ units: 2 })]);
    const trainer = new Trainer(model, { optimizer: new Adam({ learningRate: 1 / 64 }), loss: "mse" });
    await trainer.fit({ x: [[1, 2]], y: [[1, 2]] }, { verbose: 0 });
    const training = await readKerasTraining(trainer);
    first.trainable = kind !== "frozen";
    const notes: string[] = [];
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    const again = trainerFromKeras(model, training, { onNote: (note) => notes.push(note) });
    expect(warned).not.toHaveBeenCalled();
    expect(again.optimizer.iterations).toBe(0);
    const [saved, needed] = kind === "frozen" ? [10, 6] : [6, 10];
    expect(notes).toEqual([
      expect.stringMatching(
        `starts anew: ${saved} variables of Adam are saved, and the weights that are trained now need ${needed}`,
      ),
    ]);
    const heard = trainerFromKeras(model, training);
    expect(warned).toHaveBeenCalledExactlyOnceWith(notes[0]);
    warned.mockRestore();
    for (const each of [trainer, again, heard, model]) each.dispose();
  },
);

test.for<[string, ConstructorParameters<typeof Trainer>[1], string]>([
  ["a loss of one's own", { loss: () => 0 as never }, "loss must be one that Keras has"],
  ["a metric that only is here", { loss: "mse", metrics: ["confusionMatrix"] }, "metrics must be one that Keras has"],
])("what Keras cannot say is refused: %s", async ([, config, message]) => {
  const trainer = small(config);
  await expect(readKerasTraining(trainer)).rejects.toThrow(message);
  trainer.dispose();
  trainer.model.dispose();
});

test("a schedule that Keras has not is refused", async () => {
  const schedule = new OneCycle({ maxLearningRate: 0.1, totalSteps: 10 });
  const trainer = small({ optimizer: new Adam({ learningRate: schedule }), loss: "mse" });
  await expect(readKerasTraining(trainer)).rejects.toThrow("learningRate must be one that Keras has");
  trainer.dispose();
  trainer.model.dispose();
});

test("what is not here, or does not fit, is refused", () => {
  const { model } = small({});
  const adam = { class_name: "Adam", config: { learning_rate: 0.1 } };
  expect(() => trainerFromKeras(model, { compile: { optimizer: { class_name: "Ftrl", config: {} } } })).toThrow(
    "optimizer must be one of SGD, RMSprop, Adam",
  );
  expect(() =>
    trainerFromKeras(model, { compile: { optimizer: adam, loss: { class_name: "Dice", config: {} } } }),
  ).toThrow("loss must be one of");
  const number = new HostArray(Float32Array.of(0), []);
  const variables = [number, number, ...[[3, 2], [2, 3], [3], [3]].map((shape) => zeros(shape))];
  expect(() => trainerFromKeras(model, { compile: { optimizer: adam }, variables })).toThrow(
    "variable dense/kernel/momentum must be (2, 3)",
  );
  for (const [value, received] of [
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
  ] as const) {
    const slot = new HostArray(Float32Array.of(0, 0, value, 0, 0, 0), [2, 3]);
    expect(() =>
      trainerFromKeras(model, {
        compile: { optimizer: adam },
        variables: [number, number, slot, ...variables.slice(3)],
      }),
    ).toThrow(
      new RegExp(`variable dense/kernel/momentum must be of finite numbers .*new Trainer.*, received ${received}`),
    );
  }
  // @ts-expect-error -- plain JavaScript may give anything
  expect(() => trainerFromKeras(model, 1)).toThrow("as loadKeras gives");
  // @ts-expect-error -- plain JavaScript may give anything
  expect(() => trainerFromKeras(model, { compile: { optimizer: adam } }, { onNote: 1 })).toThrow("onNote must be");
  // @ts-expect-error -- plain JavaScript may give anything
  expect(() => trainerFromKeras(model, { compile: { optimizer: adam } }, { onNotes: 1 })).toThrow("onNotes");
  model.dispose();
});
