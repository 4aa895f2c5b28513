import { listFolder } from "#local-files";
import { InvalidConfigError } from "@featuremap/tensor";

/** The folders in which a data set keeps its parts. */
export interface UsualParts {
  readonly train: string;
  readonly validation?: string;
  readonly test?: string;
}

const usualNames: Readonly<Record<keyof UsualParts, ReadonlySet<string>>> = {
  train: new Set(["train", "training", "train_set", "training_set"]),
  validation: new Set(["val", "valid", "validation", "dev", "validation_set"]),
  test: new Set(["test", "testing", "test_set"]),
};

/**
 * Names of the parts' folders, whatever lies beside them, as pictures without labels; undefined where there is nothing but
 * a folder `train`, which may be a class.
 *
 * @throws {InvalidConfigError} two folders are of one part.
 */
export async function usualParts(owner: string, directory: string): Promise<UsualParts | undefined> {
  const found = partsAmong((await listFolder(directory)).folders);
  const twice = Object.values(found ?? {}).find((names) => names.length > 1);
  if (twice !== undefined) {
    const received = `${directory} with ${twice.join(", ")}`;
    throw new InvalidConfigError(owner, "directory", "a folder with one folder for each part", received);
  }
  const names = Object.entries(found ?? {}).flatMap(([part, [name]]) => (name === undefined ? [] : [[part, name]]));
  return found === undefined ? undefined : (Object.fromEntries(names) as UsualParts);
}

/** Which part a name is of, in whatever case. */
export function partOfName(name: string): keyof UsualParts | undefined {
  return (["train", "validation", "test"] as const).find((part) => usualNames[part].has(name.toLowerCase()));
}

/** Which folders beside each other are of which part; undefined where they are not parts. */
export function partsAmong(folders: Iterable<string>): Record<keyof UsualParts, string[]> | undefined {
  const found: Record<keyof UsualParts, string[]> = { train: [], validation: [], test: [] };
  for (const name of folders) {
    const part = partOfName(name);
    if (part !== undefined) found[part].push(name);
  }
  return found.train.length > 0 && found.validation.length + found.test.length > 0 ? found : undefined;
}
