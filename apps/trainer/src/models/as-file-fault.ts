import { FormatError, InvalidConfigError } from "@featuremap/tensor";

/**
 * Reads a model's file: what is wrong with an option in it is the file's fault, not what the user asked for.
 *
 * @throws {FormatError} its network cannot be built, or as the reader says.
 */
export async function asFileFault<Read>(location: string, read: () => Promise<Read>): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InvalidConfigError && error.option !== "location") {
      throw new FormatError(location, "the model", "a network that can be built", error.message);
    }
    throw error;
  }
}
