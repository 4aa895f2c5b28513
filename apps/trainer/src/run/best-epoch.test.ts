import { expect, test } from "vitest";
import { bestEpoch } from "./best-epoch.ts";

test("is the first epoch with the lowest loss, whatever its accuracy", () => {
  const history = { val_loss: [0.9, 0.4, Number.NaN, 0.4, 0.7], val_accuracy: [0.5, 0.6, 0.9, 0.8, 0.9] };
  expect(bestEpoch(history)).toEqual({ epoch: 2, loss: 0.4, accuracy: 0.6 });
});

test("leaves out epochs that do not count", () => {
  expect(bestEpoch({ val_loss: [0.1, 0.4, 0.3], val_accuracy: [1, 0, 0.5] }, 1)).toEqual({
    epoch: 3,
    loss: 0.3,
    accuracy: 0.5,
  });
});

test.for([{}, { val_loss: [] }, { val_loss: [Number.NaN] }])("is none where none was judged: %j", (history) => {
  expect(bestEpoch(history)).toBeUndefined();
});
