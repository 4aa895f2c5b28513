import { Dense, Sequential } from "@featuremap/layers";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { Slow } from "../testing/slow-source.ts";
import { sectors } from "../testing/tiny-problem.ts";
import { withTrainer } from "../testing/with-trainer.ts";

useBackend(allowSavedTensors);

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
