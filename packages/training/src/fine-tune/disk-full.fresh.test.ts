import { Conv2D, Dense, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";
import { UnavailableError } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { expect, test, vi } from "vitest";
import { smallPictures } from "../testing/small-pictures.ts";
import { fineTune } from "./fine-tune.ts";

const { append, close } = vi.hoisted(() => ({
  append: vi.fn<() => Promise<void>>(),
  close: vi.fn<() => Promise<void>>(),
}));
vi.mock(import("@featuremap/files"), async (original) => ({
  ...(await original()),
  temporaryFile: () => Promise.resolve({ size: 0, append, read: () => Promise.resolve(new Uint8Array()), close }),
}));

useBackend(allowSavedTensors);

test("where the disk fills up, training goes on without kept features", async () => {
  append.mockResolvedValueOnce().mockRejectedValue(new UnavailableError("Cannot write rows", "Make room."));
  const model = new Sequential([
    new Conv2D({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] }),
    new GlobalAveragePooling2D(),
    new Dense({ units: 3, activation: "softmax" }),
  ]);
  const data = smallPictures(12, 6);
  const { history, notes } = await fineTune(model, data, { epochs: 2, freezeEpochs: 2, batchSize: 5, cacheBytes: 0 });
  expect(notes).toEqual(["Features are not kept: Cannot write rows. Make room."]);
  expect(history.epoch).toEqual([0, 1]);
  expect(append).toHaveBeenCalledTimes(2);
  // The one that tells whether there is a disk, and the one that was written.
  expect(close).toHaveBeenCalledTimes(2);
  model.dispose();
});
