/** "batchSize" as it is typed: "batch-size". */
export function flagName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** "batchSize" as the environment has it: "FEATUREMAP_BATCH_SIZE". */
export function variableName(key: string): string {
  return `FEATUREMAP_${flagName(key).replaceAll("-", "_").toUpperCase()}`;
}

/** What follows "did you mean", where a name is near. */
export function didYouMean(near: string | undefined): string {
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}
