import { OutOfMemoryError } from "@featuremap/tensor";

/**
 * What to throw in place of a failure: where the device's memory was too small for a batch, an error that says so.
 *
 * @param size examples in the batch
 * @param place where it stands: `epoch 1 of 2, step 17 of 938`; empty where there is but one
 */
export function explained(error: unknown, owner: string, size: number, place = ""): unknown {
  // What another call has explained, as an evaluation in a callback, is that one's.
  if (!(error instanceof OutOfMemoryError) || error.cause instanceof OutOfMemoryError) return error;
  const { message, bytesWanted, bytesInUse } = error;
  const where = place === "" ? "" : `, in ${place}`;
  const what = `${owner}: a batch of ${size} does not fit in the device's memory${where} (${message.replace(/\.$/, "")})`;
  return new OutOfMemoryError(what, bytesWanted, bytesInUse, "Take a smaller batchSize, or smaller inputs.", {
    cause: error,
  });
}
