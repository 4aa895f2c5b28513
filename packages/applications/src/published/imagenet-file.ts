import { findFile } from "#find-file";
import { type ImagenetFacts, checkImagenet } from "./check-imagenet.ts";
import { type FileSettings, publishedFile } from "./published-file.ts";
import { type PublishedOptions, checkPublishedOptions } from "./published-options.ts";

/**
 * Makes sure that weights are published for a network of these options, and gives what gets them.
 *
 * @param network as of {@link publishedFile}
 * @throws {InvalidConfigError} there are none, or an option is not what it may be.
 */
export function imagenetFile(
  network: string,
  facts: ImagenetFacts,
  settings: FileSettings,
  options: PublishedOptions,
): () => Promise<string | Uint8Array> {
  checkPublishedOptions(facts.owner, options);
  checkImagenet(facts, settings);
  const file = publishedFile(network, settings);
  return () => findFile(facts.owner, file, options);
}
