import { AbortedError } from "@featuremap/tensor";

/**
 * Does work that a signal may end, and says what that leaves.
 *
 * @param message for the user, where the work ends by an AbortedError, which names whatever was just being done
 */
export async function sayWhenStopped<Result>(message: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AbortedError)) throw error;
    throw new AbortedError(message, { cause: error });
  }
}
