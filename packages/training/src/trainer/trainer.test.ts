import { Dense, L2, MaxNorm, Sequential } from "@featuremap/layers";
import { type Batch, type BatchSource, HostArray } from "@featuremap/tensor";
import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { Tensor, memory, setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { Callback, type EvaluationProgress, type Progress, type TrainingRun } from "../run/callback.ts";
import { EarlyStopping } from "../callbacks/early-stopping.ts";
import { LambdaCallback } from "../callbacks/lambda-callback.ts";
import type { History } from "../run/history.ts";
import type { Logs } from "../run/logs.ts";
import { BinaryCrossentropy } from "../losses/crossentropy/binary-crossentropy.ts";
import { CategoricalCrossentropy } from "../losses/crossentropy/categorical-crossentropy.ts";
import { SparseCategoricalCrossentropy } from "../losses/crossentropy/sparse-categorical-crossentropy.ts";
import { AdamW } from "../optimizers/adam-w.ts";
import { Adam } from "../optimizers/adam.ts";
import { RMSprop } from "../optimizers/rms-prop.ts";
import { SGD } from "../optimizers/sgd.ts";
import { expectCloseNumbers } from "../testing/close.ts";
import { sectorModel, sectors } from "../testing/tiny-problem.ts";
import { Trainer } from "./trainer.ts";
import type { TrainerConfig } from "./trainer-options.ts";

const config: TrainerConfig = { optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] };
beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});
expectNoTensorLeaks();

/** Runs with a trainer and a model of its own, both disposed afterwards. */
async function withTrainer<Result>(
  use: (trainer: Trainer, model: Sequential) => Promise<Result>,
  overrides: Partial<TrainerConfig> = {},
  model: Sequential = sectorModel(),
): Promise<Result> {
  const trainer = new Trainer(model, { ...config, ...overrides });
  try {
    return await use(trainer, model);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

/** Writes down what a callback hears. */
class Listener extends Callback {
  readonly heard: string[] = [];
  readonly progress: Progress[] = [];
  readonly evaluation: EvaluationProgress[] = [];
  override onTrainBegin({ steps }: TrainingRun): void {
    this.heard.push(`begin of ${steps} steps`);
  }
  override onTrainEnd({ epoch, stopped }: History): void {
    this.heard.push(`end after ${epoch.length}${stopped ? `, ${stopped}` : ""}`);
  }
  override onEpochBegin(epoch: number): void {
    this.heard.push(`epoch ${epoch}`);
  }
  override onEpochEnd(epoch: number, logs: Logs): void {
    this.heard.push(`epoch ${epoch} has ${Object.keys(logs).join(" ")}`);
  }
  override onProgress(progress: Progress): void {
    this.progress.push(progress);
  }
  override onEvaluationProgress(progress: EvaluationProgress): void {
    this.evaluation.push(progress);
  }
}

describe("fit", () => {
  test("learns", async () => {
    await withTrainer(
      async (trainer) => {
        const { history } = await trainer.fit(sectors(300, { seed: 1 }), { epochs: 30 });
        expect(history["accuracy"]?.at(-1)).toBeGreaterThan(0.9);
        expect(history["loss"]?.at(-1)).toBeLessThan(history["loss"]?.[0] ?? 0);
        expect((await trainer.evaluate(sectors(300)))["accuracy"]).toBeGreaterThan(0.9);
      },
      { optimizer: new Adam({ learningRate: 0.02 }) },
    );
  });

  test("gives identical losses for identical seeds, and others for others", async () => {
    const losses = async (seed: number, order: number) =>
      withTrainer(
        async (trainer) => (await trainer.fit(sectors(100, { seed: order }), { epochs: 3 })).history["loss"],
        {},
        sectorModel(seed),
      );
    const first = await losses(1, 1);
    expect(await losses(1, 1)).toEqual(first);
    expect(await losses(2, 1)).not.toEqual(first);
    expect(await losses(1, 2)).not.toEqual(first);
  });

  test("shuffles arrays as Keras does, by their seed, else by the model's, unless asked not to", async () => {
    const first = async (options: Parameters<Trainer["fit"]>[1], data = {}, seed: number | undefined = 1) => {
      const batches: number[] = [];
      const layer = new Dense({ units: 3, activation: "softmax", inputShape: [2] });
      const model = new Sequential([layer], seed === undefined ? {} : { seed });
      await withTrainer(
        async (trainer) => {
          model.setWeights([
            HostArray.from([
              [1, 2, 3],
              [3, 1, 2],
            ]),
            HostArray.from([0, 0, 0]),
          ]);
          const listener = new LambdaCallback({ onTrainBatchEnd: (_batch, { loss = 0 }) => void batches.push(loss) });
          await trainer.fit(sectors(16, data), { batchSize: 4, callbacks: [listener], ...options });
        },
        { optimizer: new SGD({ learningRate: 0 }) },
        model,
      );
      return batches;
    };
    const inOrder = await first({ shuffle: false });
    expect(await first({}, { shuffle: false })).toEqual(inOrder);
    expect(await first({})).not.toEqual(inOrder);
    expect(await first({})).toEqual(await first({}));
    expect(await first({}, { seed: 7 })).toEqual(await first({ shuffle: true }, { seed: 7 }, 2));
    expect(await first({}, { seed: 7 })).not.toEqual(await first({}));
    // Every order has all examples, so the mean over the epoch is the same.
    expect((await first({})).at(-1)).toBeCloseTo(inOrder.at(-1) ?? Number.NaN, 6);
  });

  test("leaves no tensor but weights and the optimizer's slots", async () => {
    const before = memory().numTensors;
    const model = sectorModel();
    const trainer = new Trainer(model, config);
    const fit = () => trainer.fit(sectors(70), { epochs: 2, validation: sectors(40) });
    await fit();
    // Kernels and biases of two layers, and for each of them Adam's two slots.
    expect(memory().numTensors - before).toBe(4 * 3);
    await fit();
    await trainer.evaluate(sectors(40));
    await trainer.predict(sectors(40).x);
    expect(memory().numTensors - before).toBe(4 * 3);
    trainer.dispose();
    expect(memory().numTensors - before).toBe(4);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test("never reads synchronously, and far fewer times than it steps", async () => {
    const [synchronous, asynchronous] = [vi.spyOn(Tensor.prototype, "dataSync"), vi.spyOn(Tensor.prototype, "data")];
    await withTrainer(async (trainer) => {
      await trainer.fit(sectors(400, { batchSize: 1 }), { epochs: 1 });
      expect(synchronous).not.toHaveBeenCalled();
      expect(asynchronous.mock.calls.length).toBeLessThan(100);
    });
    vi.restoreAllMocks();
  });

  test("tells callbacks all there is to tell", async () => {
    await withTrainer(async (trainer) => {
      const listener = new Listener();
      await trainer.fit(sectors(70), { epochs: 5, initialEpoch: 3, validation: sectors(40), callbacks: [listener] });
      const logs = "loss accuracy val_loss val_accuracy";
      expect(listener.heard).toEqual([
        "begin of 3 steps",
        "epoch 3",
        `epoch 3 has ${logs}`,
        "epoch 4",
        `epoch 4 has ${logs}`,
        "end after 2",
      ]);
      const last = listener.progress.at(-1);
      expect(last).toMatchObject({ epoch: 4, epochs: 5, step: 3, steps: 3, secondsLeft: 0 });
      expect(last?.imagesPerSecond).toBeGreaterThan(0);
      expect(last?.metrics).toHaveProperty("accuracy");
      expect(listener.evaluation.at(-1)).toMatchObject({ step: 2, steps: 2 });
    });
  });

  test("builds a model that waits for the shape of its input", async () => {
    const model = new Sequential([new Dense({ units: 3, activation: "softmax" })], { seed: 1 });
    await withTrainer(
      async (trainer) => {
        await trainer.fit(sectors(10), { epochs: 1 });
        expect(model.inputShape).toEqual([null, 2]);
      },
      {},
      model,
    );
  });

  test("goes on where an earlier call ended", async () => {
    const data = sectors(64, { seed: 3 });
    const dense = () => new Sequential([new Dense({ units: 3, activation: "softmax", inputShape: [2] })], { seed: 1 });
    const atOnce = await withTrainer(async (trainer) => trainer.fit(data, { epochs: 4 }), {}, dense());
    await withTrainer(
      async (trainer) => {
        const first = await trainer.fit(data, { epochs: 2 });
        const second = await trainer.fit(data, { epochs: 4, initialEpoch: 2 });
        expect(second.epoch).toEqual([2, 3]);
        expect([...(first.history["loss"] ?? []), ...(second.history["loss"] ?? [])]).toEqual(atOnce.history["loss"]);
      },
      {},
      dense(),
    );
  });

  test("adds regularizers to the loss and holds weights to their constraints", async () => {
    const layer = new Dense({
      units: 3,
      inputShape: [2],
      kernelRegularizer: new L2({ l2: 10 }),
      kernelConstraint: new MaxNorm({ maxValue: 0.5 }),
    });
    const loss = new SparseCategoricalCrossentropy({ fromLogits: true });
    await withTrainer(
      async (trainer, model) => {
        const [kernel] = await model.getWeights();
        const square = (kernel?.data ?? new Float32Array()).reduce((sum, value) => sum + value * value, 0);
        const plain = await withTrainer(
          async (other) => {
            other.model.setWeights(await model.getWeights());
            return other.evaluate(sectors(32));
          },
          { loss },
          new Sequential([new Dense({ units: 3, inputShape: [2] })]),
        );
        const regularized = await trainer.evaluate(sectors(32));
        expectCloseNumbers([regularized["loss"] ?? 0], [(plain["loss"] ?? 0) + 10 * square], 1e-5);
        await trainer.fit(sectors(32), { epochs: 1 });
        const [after] = await model.getWeights();
        for (let unit = 0; unit < 3; unit++) {
          expect(Math.hypot(after?.at(0, unit) ?? 9, after?.at(1, unit) ?? 9)).toBeLessThanOrEqual(0.5 + 1e-6);
        }
      },
      { loss, optimizer: new SGD({ learningRate: 0 }) },
      new Sequential([layer], { seed: 1 }),
    );
  });

  test("leaves frozen weights as they are", async () => {
    await withTrainer(async (trainer, model) => {
      const [first] = model.layers;
      if (first) first.trainable = false;
      const before = await model.getWeights();
      await trainer.fit(sectors(32), { epochs: 1 });
      const after = await model.getWeights();
      expect(after.map((weight, index) => weight.data.every((value, at) => value === before[index]?.data[at]))).toEqual(
        [true, true, false, false],
      );
    });
  });
});

/** Batches of {@link sectors}, one at a time, as files would give them. */
class Slow implements BatchSource {
  readonly size = 64;
  readonly batchSize = 8;
  readonly batchCount = 8;
  readonly events: string[] = [];
  readonly fail: number;

  constructor(fail = -1) {
    this.fail = fail;
  }

  async *batches(): AsyncGenerator<Batch, void> {
    const { x, y } = sectors(this.size);
    try {
      for (let index = 0; index < this.batchCount; index++) {
        await Promise.resolve();
        if (index === this.fail) throw new Error("unreadable");
        this.events.push(`read ${index}`);
        const [start, end] = [index * 8, (index + 1) * 8];
        yield {
          x: x.slice(start, end),
          y: y.slice(start, end),
          size: 8,
        };
      }
    } finally {
      this.events.push("closed");
    }
  }
}

describe("a source that reads files", () => {
  test("gives what arrays give", async () => {
    const fromArrays = await withTrainer(async (trainer) =>
      trainer.fit(sectors(64, { batchSize: 8 }), { epochs: 1, shuffle: false }),
    );
    const fromFiles = await withTrainer(async (trainer) => trainer.fit(new Slow(), { epochs: 1 }));
    expect(fromFiles).toEqual(fromArrays);
  });

  test("has its error passed on, and is closed", async () => {
    const source = new Slow(3);
    await withTrainer(async (trainer) => {
      await expect(trainer.fit(source, { epochs: 1 })).rejects.toThrow("unreadable");
    });
    expect(source.events.at(-1)).toBe("closed");
  });

  test("is closed where labels are wrong", async () => {
    const source = new Slow();
    const model = new Sequential([new Dense({ units: 2, activation: "softmax", inputShape: [2] })]);
    await withTrainer(
      async (trainer) => {
        await expect(trainer.fit(source, { epochs: 1 })).rejects.toMatchObject({ option: "labels" });
      },
      {},
      model,
    );
    expect(source.events.at(-1)).toBe("closed");
  });
});

describe("a loss that is not finite", () => {
  const poisoned = (example: number) => {
    const data = sectors(80, { batchSize: 4, shuffle: false });
    const x = Float32Array.from(data.x.data);
    x[example * 2] = Number.NaN;
    return { ...data, x: new HostArray(x, data.x.shape) };
  };

  test("ends training with the exact epoch and step", async () => {
    await withTrainer(async (trainer) => {
      const fit = trainer.fit(poisoned(50), { epochs: 2 });
      await expect(fit).rejects.toMatchObject({ code: "NON_FINITE" });
      await expect(fit).rejects.toThrow("The loss became NaN in epoch 1 of 2, step 13 of 20.");
    });
  });

  test("ends an evaluation too", async () => {
    await withTrainer(async (trainer) => {
      await expect(trainer.evaluate(poisoned(0))).rejects.toThrow("evaluation, step 1 of 20");
    });
  });
});

describe("the signal", () => {
  test("ends training after the step under way and keeps weights and history", async () => {
    const abort = new AbortController();
    let steps = 0;
    const source: BatchSource = {
      size: 80,
      batchSize: 8,
      batchCount: 10,
      *batches() {
        for (let index = 0; index < 10; index++) {
          const { x, y } = sectors(8);
          if (++steps === 15) abort.abort();
          yield { x, y, size: 8 };
        }
      },
    };
    await withTrainer(async (trainer) => {
      const listener = new Listener();
      const history = await trainer.fit(source, { epochs: 5, signal: abort.signal, callbacks: [listener] });
      expect(history).toMatchObject({ epoch: [0], stopped: "aborted", abortedAt: { epoch: 1, step: 4 } });
      expect(history.history["loss"]).toHaveLength(1);
      expect(trainer.optimizer.iterations).toBe(14);
      expect(listener.heard.at(-1)).toBe("end after 1, aborted");
    });
  });

  test("is heard while training runs", async () => {
    await withTrainer(async (trainer) => {
      const signal = AbortSignal.timeout(200);
      const { stopped } = await trainer.fit(sectors(400, { batchSize: 1 }), { epochs: 1000, signal });
      expect(stopped).toBe("aborted");
    });
  });

  test("leaves data that never come", async () => {
    const stuck = (from: number): BatchSource => ({
      size: 80,
      batchSize: 8,
      batchCount: 10,
      async *batches() {
        const { x, y } = sectors(8);
        for (let index = 0; index < from; index++) yield { x, y, size: 8 };
        await new Promise(() => {});
      },
    });
    await withTrainer(async (trainer) => {
      const soon = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(100) });
      const history = await trainer.fit(stuck(3), { epochs: 2, ...soon() });
      expect(history).toMatchObject({ stopped: "aborted", abortedAt: { epoch: 0, step: 3 } });
      expect(trainer.optimizer.iterations).toBe(3);
      const validation = stuck(0);
      expect(await trainer.fit(sectors(8), { validation, ...soon() })).toMatchObject({ stopped: "aborted" });
      await expect(trainer.evaluate(stuck(1), soon())).rejects.toMatchObject({ code: "ABORTED" });
      await expect(trainer.predict(stuck(1), soon())).rejects.toMatchObject({ code: "ABORTED" });
    });
  });

  test("ends evaluation and prediction with an error", async () => {
    await withTrainer(async (trainer) => {
      const signal = AbortSignal.abort();
      await expect(trainer.evaluate(sectors(8), { signal })).rejects.toMatchObject({ code: "ABORTED" });
      await expect(trainer.predict(sectors(8).x, { signal })).rejects.toMatchObject({ code: "ABORTED" });
    });
  });
});

describe("evaluate", () => {
  test("takes the loss from logits where the model ends in softmax, as Keras does", async () => {
    const model = new Sequential([new Dense({ units: 3, activation: "softmax", inputShape: [2] })]);
    const data = { x: HostArray.from([[1, 0]]), y: new HostArray(Int32Array.of(1), [1]) };
    await withTrainer(
      async (trainer) => {
        model.setWeights([
          HostArray.from([
            [100, 0, 0],
            [0, 0, 0],
          ]),
          HostArray.from([0, 0, 0]),
        ]);
        // Probabilities would be clipped at 1e-7, which is a loss of 16.1.
        expect(await trainer.evaluate(data)).toEqual({ loss: 100, accuracy: 0 });
      },
      {},
      model,
    );
  });

  test("takes the loss from logits where the model ends in sigmoid", async () => {
    const model = new Sequential([new Dense({ units: 1, activation: "sigmoid", inputShape: [2] })]);
    const data = { x: HostArray.from([[1, 0]]), y: new HostArray(Int32Array.of(0), [1]) };
    await withTrainer(
      async (trainer) => {
        model.setWeights([HostArray.from([[80], [0]]), HostArray.from([0])]);
        expect(await trainer.evaluate(data)).toEqual({ loss: 80, accuracy: 0 });
      },
      { loss: "binary_crossentropy" },
      model,
    );
  });
});

describe("predict", () => {
  test("gives outputs in the order of the inputs, from arrays and from batches", async () => {
    await withTrainer(async (trainer) => {
      const atOnce = await trainer.predict(sectors(64).x, { batchSize: 64 });
      expect(atOnce.shape).toEqual([64, 3]);
      expect(await trainer.predict(sectors(64).x, { batchSize: 7 })).toEqual(atOnce);
      expect(await trainer.predict(new Slow())).toEqual(atOnce);
    });
  });

  test("takes pixels as numbers", async () => {
    await withTrainer(async (trainer) => {
      const bytes = new HostArray(Uint8Array.of(3, 200), [1, 2]);
      expect(await trainer.predict(bytes)).toEqual(await trainer.predict(HostArray.from([[3, 200]])));
    });
  });
});

describe("what a trainer refuses", () => {
  test.for([
    ["optimizer", { optimizer: "adamant" }],
    ["loss", { loss: "mean" }],
    ["metrics", { metrics: ["precise"] }],
    ["metrics", { metrics: ["accuracy", "accuracy"] }],
  ] as const)("a wrong %s: %o", ([option, wrong]) => {
    const model = sectorModel();
    expect(() => new Trainer(model, { ...config, ...(wrong as Partial<TrainerConfig>) })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });

  test.for([
    ["epochs", { epochs: 0 }],
    ["epochs", { epochs: 1.5 }],
    ["initialEpoch", { epochs: 2, initialEpoch: 2 }],
    ["initialEpoch", { epochs: 2, initialEpoch: -1 }],
  ] as const)("a wrong %s: %o", async ([option, wrong]) => {
    await withTrainer(async (trainer) => {
      await expect(trainer.fit(sectors(8), wrong)).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
    });
  });

  test("labels of another number, no data, and no batch size", async () => {
    await withTrainer(async (trainer) => {
      const { x, y } = sectors(8);
      const fit = (data: Parameters<Trainer["fit"]>[0]) => trainer.fit(data, { epochs: 1 });
      await expect(fit({ x, y: y.slice(1) })).rejects.toMatchObject({ code: "SHAPE_MISMATCH" });
      await expect(fit({ x: x.slice(0, 0), y: y.slice(0, 0) })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
      await expect(fit({ x, y, batchSize: 0 })).rejects.toMatchObject({ option: "batchSize" });
      await expect(fit({ x: x.reshape([4, 4]), y: y.slice(4) })).rejects.toMatchObject({ code: "SHAPE_MISMATCH" });
    });
  });

  test("a model without weights to train", async () => {
    await withTrainer(async (trainer, model) => {
      model.trainable = false;
      await expect(trainer.fit(sectors(8), { epochs: 1 })).rejects.toMatchObject({ option: "model" });
    });
  });
});

describe("options in plain JavaScript", () => {
  test("are refused where the trainer does not have them", () =>
    withTrainer(async (trainer, model) => {
      const data = sectors(8);
      const call = (method: "fit" | "evaluate" | "predict", options: unknown): Promise<unknown> =>
        Reflect.apply(trainer[method], trainer, [data, options]);
      await expect(call("fit", { epochs: 1, maxQueueSize: 2 })).rejects.toThrow(
        /^Trainer\.fit: options must be among epochs, initialEpoch, .*, signal, timeLimit, received "maxQueueSize"\.$/,
      );
      await expect(call("fit", { epoch: 1 })).rejects.toThrow("(did you mean epochs?)");
      await expect(call("fit", null)).rejects.toThrow("Trainer.fit: options must be an object");
      await expect(call("evaluate", { callback: [] })).rejects.toThrow("(did you mean callbacks?)");
      await expect(call("predict", { batch_size: 4 })).rejects.toThrow("(did you mean batchSize?)");
      expect(() => Reflect.construct(Trainer, [model, { ...config, optimiser: "adam" }])).toThrow(
        'Trainer: options must be among those it has (did you mean optimizer?), received "optimiser".',
      );
    }));

  test.for([
    [Adam, { learning_rate: 1 }, "Adam: options must be among those it has (did you mean learningRate?)"],
    [AdamW, { weight_decay: 1 }, "AdamW: options must be among those it has (did you mean weightDecay?)"],
    [RMSprop, { lr: 1 }, "RMSprop: options must be among those it has (did you mean learningRate?)"],
    [SGD, { momentun: 0 }, "SGD: options must be among those it has (did you mean momentum?)"],
    [SparseCategoricalCrossentropy, { from_logits: true }, "(did you mean fromLogits?)"],
    [CategoricalCrossentropy, { fromLogit: true }, "(did you mean fromLogits?)"],
    [BinaryCrossentropy, { from_logits: true }, "(did you mean fromLogits?)"],
    [EarlyStopping, { patiance: 1 }, "EarlyStopping: options must be among those it has (did you mean patience?)"],
  ] as const)("are refused by %o", ([type, options, message]) => {
    expect(() => Reflect.construct(type, [options])).toThrow(message);
  });
});
