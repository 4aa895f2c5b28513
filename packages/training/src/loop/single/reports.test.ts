import type { Batch, BatchSource } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Progress } from "../../run/callback.ts";
import { LambdaCallback } from "../../callbacks/lambda-callback.ts";
import { SGD } from "../../optimizers/sgd.ts";
import { ExponentialDecay } from "../../schedules/exponential-decay.ts";
import { sectorModel, sectors } from "../../testing/tiny-problem.ts";
import { Trainer } from "../../trainer/trainer.ts";
import type { FitOptions } from "../../trainer/trainer-options.ts";

useBackend(allowSavedTensors);

/** Milliseconds; only what a test says takes time. */
let now = 0;
const asked = vi.spyOn(performance, "now");
beforeEach(() => {
  now = 0;
  asked.mockReset().mockImplementation(() => now);
});
afterEach(() => {
  asked.mockReset();
});

const { x, y } = sectors(40);
const batches: readonly Batch[] = Array.from({ length: 5 }, (_, index) => ({
  x: x.slice(index * 8, (index + 1) * 8),
  y: y.slice(index * 8, (index + 1) * 8),
  size: 8,
}));

/** A source that takes so many milliseconds for each batch. */
function slow(milliseconds: number, isAsync: boolean): BatchSource {
  function* made(): Generator<Batch, void> {
    for (const batch of batches) {
      now += milliseconds;
      yield batch;
    }
  }
  async function* later(): AsyncGenerator<Batch, void> {
    yield* made();
  }
  return { size: 40, batchSize: 8, batchCount: 5, batches: isAsync ? later : made };
}

/** A callback whose work after each batch takes a millisecond. */
const working = (): LambdaCallback =>
  new LambdaCallback({ onTrainBatchEnd: () => void now++, readsBatchLogs: () => false });

async function fit(source: BatchSource, options: FitOptions, optimizer = new SGD()): Promise<void> {
  const model = sectorModel();
  const trainer = new Trainer(model, { optimizer, loss: "sparseCategoricalCrossentropy" });
  await trainer.fit(source, options);
  trainer.dispose();
  model.dispose();
}

describe("progress", () => {
  test.for([
    ["synchronous", 3, 0.75],
    ["asynchronous", 3, 0.75],
    ["synchronous", 0, 0],
  ] as const)("of a %s source that takes %i ms a batch waits %d of its time", async ([kind, milliseconds, share]) => {
    const heard: number[] = [];
    const listening = new LambdaCallback({ onProgress: ({ waiting }) => void heard.push(waiting) });
    await fit(slow(milliseconds, kind === "asynchronous"), { callbacks: [working(), listening] });
    expect(heard.at(-1)).toBe(share);
  });

  test("tells of an evaluation's waiting too", async () => {
    const heard: number[] = [];
    const listening = new LambdaCallback({
      onEvaluationProgress: ({ waiting }) => void heard.push(waiting),
      onTestBatchEnd: () => void (now += 6),
      readsBatchLogs: () => false,
    });
    await fit(slow(0, false), { callbacks: [listening], validation: slow(2, false) });
    expect(heard.at(-1)).toBe(0.25);
  });

  test("tells the rate of the next step", async () => {
    const heard: Pick<Progress, "step" | "learningRate">[] = [];
    const listening = new LambdaCallback({
      onProgress: ({ step, learningRate }) => void heard.push({ step, learningRate }),
    });
    const learningRate = new ExponentialDecay({ initialLearningRate: 1, decaySteps: 5, decayRate: 0.5 });
    await fit(slow(0, false), { epochs: 2, callbacks: [listening] }, new SGD({ learningRate }));
    expect(heard.filter(({ step }) => step === 5)).toEqual([
      { step: 5, learningRate: 0.5 },
      { step: 5, learningRate: 0.25 },
    ]);
  });

  test("asks the clock less often where nobody listens", async () => {
    const count = async (options: FitOptions): Promise<number> => {
      asked.mockClear();
      await fit(slow(0, false), options);
      return asked.mock.calls.length;
    };
    const silent = await count({});
    const listening = await count({ callbacks: [new LambdaCallback({ onProgress: () => {} })] });
    // Two looks around each of five batches, and those for the reports.
    expect(listening - silent).toBeGreaterThanOrEqual(10);
  });
});
