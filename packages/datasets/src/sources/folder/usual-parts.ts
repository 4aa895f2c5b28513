import { listFolder } from "#local-files";

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
 * a folder `train`, which may be a class, or where two have one part's name.
 */
export async function usualParts(directory: string): Promise<UsualParts | undefined> {
  const parts: { -readonly [Part in keyof UsualParts]?: string } = {};
  for (const name of (await listFolder(directory)).folders) {
    const part = (["train", "validation", "test"] as const).find((each) => usualNames[each].has(name.toLowerCase()));
    if (part === undefined) continue;
    if (parts[part] !== undefined) return undefined;
    parts[part] = name;
  }
  const { train, ...others } = parts;
  return train === undefined || Object.keys(others).length === 0 ? undefined : { train, ...others };
}
