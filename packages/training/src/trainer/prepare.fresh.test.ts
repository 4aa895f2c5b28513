import { Dense, Sequential } from "@featuremap/layers";
import { expect, test } from "vitest";
import { Trainer } from "./trainer.ts";

test("without a device every method says how to open one, with a code", async () => {
  const model = new Sequential([new Dense({ units: 1, inputShape: [1] })]);
  const trainer = new Trainer(model, { loss: "mse" });
  const calls = [
    () => trainer.fit([[1]], [1]),
    () => trainer.evaluate([[1]], [1]),
    () => trainer.predict([[1]]),
    () => trainer.trainOnBatch([[1]], [1]),
    () => trainer.testOnBatch([[1]], [1]),
  ];
  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({ code: "NOT_READY" });
    await expect(call()).rejects.toThrow(/^Trainer\.\w+: no device is open\. Call await openDevice\(\)/);
  }
});
