import { type BatchSource, HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { Listener } from "../testing/listener.ts";
import { sectors } from "../testing/tiny-problem.ts";
import { withTrainer } from "../testing/with-trainer.ts";

useBackend(allowSavedTensors);

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
