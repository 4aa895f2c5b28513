import { UnavailableError, nearestName } from "@featuremap/tensor";

/** Whose classes are compared. */
export interface ClassesToMatch {
  /** What the data call their classes, and which of these have pictures. */
  readonly classNames: readonly string[];
  readonly labels: Int32Array;
  /** What the model calls its own. */
  readonly modelLabels: readonly string[];
  /** For messages: "./photos" and "runs/photos-1". */
  readonly data: string;
  readonly model: string;
}

/** Which of the model's classes each class of the data is. */
export interface MatchedClasses {
  /** By the data's index; -1 for classes without pictures that the model does not know. */
  readonly indices: readonly number[];
  /** What the model's classes are called. */
  readonly classNames: readonly string[];
  /** What the user should know of it. */
  readonly note?: string;
}

/** Names of a list that a message tells. */
const mostNamed = 20;

/**
 * Finds the data's classes among the model's by their names; it may be some of them only.
 *
 * A model that was saved without names calls its classes 0, 1, 2 ...: then they are those of the data in their order, where
 * there are as many.
 *
 * @throws {UnavailableError} the model does not know a class of which there are pictures.
 */
export function matchClasses(given: ClassesToMatch): MatchedClasses {
  const { classNames, labels, modelLabels, data, model } = given;
  if (classNames.length === 0) {
    throw new UnavailableError(
      `${data} has no labels`,
      "Give pictures in a folder for each class, or a table with labels.",
    );
  }
  if (isSame(classNames, modelLabels)) return { indices: classNames.map((_, index) => index), classNames: modelLabels };
  const indices = classNames.map((name) => modelLabels.indexOf(name));
  const used = new Set(labels);
  const strange = classNames.filter((_, index) => indices[index] === -1 && used.has(index));
  if (strange.length === 0) {
    refuseDoubles(given, used);
    return { indices, classNames: modelLabels };
  }
  if (modelLabels.every((label, index) => label === String(index))) return matchByOrder(given);
  const near = strange.map((name) => {
    const meant = nearestName(name, modelLabels);
    return meant === undefined ? name : `${name} (did you mean ${meant}?)`;
  });
  throw new UnavailableError(
    `${data} has classes that ${model} does not know: ${listed(near)}; the data have ${listed(classNames)}, ` +
      `and the model knows ${listed(modelLabels)}`,
    "Give the data the model's names.",
  );
}

function matchByOrder({ classNames, modelLabels, data, model }: ClassesToMatch): MatchedClasses {
  const names = `${model} was saved without names of its classes: its labels are 0 to ${modelLabels.length - 1}`;
  if (classNames.length !== modelLabels.length) {
    throw new UnavailableError(
      `${names}, and ${data} has ${classNames.length} classes: ${listed(classNames)}`,
      "Save the model with labels: saveBundle(model, folder, { labels }).",
    );
  }
  const pairs = classNames.map((name, index) => `${index} for ${name}`);
  return {
    indices: classNames.map((_, index) => index),
    classNames,
    note: `${names}, taken in the order of the data's: ${listed(pairs)}.`,
  };
}

/** @throws {UnavailableError} two classes of the model have the name that pictures are labelled with. */
function refuseDoubles({ classNames, modelLabels, data, model }: ClassesToMatch, used: ReadonlySet<number>): void {
  const double = classNames.find(
    (name, index) => used.has(index) && modelLabels.indexOf(name) !== modelLabels.lastIndexOf(name),
  );
  if (double === undefined) return;
  throw new UnavailableError(
    `${model} has two classes named ${double}, so those of ${data} cannot be matched by name`,
    "Give the data all of the model's classes, in its order.",
  );
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}

function listed(names: readonly string[]): string {
  return names.length > mostNamed ? `${names.slice(0, mostNamed).join(", ")} ... (${names.length})` : names.join(", ");
}
