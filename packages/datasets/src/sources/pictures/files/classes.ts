import { FormatError, InvalidConfigError } from "@featuremap/tensor";
import { compareCodePoints } from "../../bytes/compare-code-points.ts";

/** Class indices and what they stand for. */
export interface Classes {
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
}

/** Classes of one data set; more are a column of names or of numbers, taken for labels by mistake. */
const mostClasses = 100_000;

/**
 * Class indices of examples whose classes are known by name.
 *
 * @param names each example's class
 * @param classNames the classes in the order of their indices; by default those that occur, sorted
 * @param source what errors call the data
 * @throws {FormatError} a class is not among those given, or they are more than 100,000.
 */
export function classesOf(
  names: readonly string[],
  classNames: readonly string[] | undefined,
  source: string,
): Classes {
  const classes = classNames ?? [...new Set(names)].toSorted(compareClasses);
  if (classes.length > mostClasses)
    throw new FormatError(source, "its classes", `at most ${mostClasses}`, `${classes.length}`);
  const indices = new Map(classes.map((name, index) => [name, index]));
  const labels = Int32Array.from(names, (name) => {
    const index = indices.get(name);
    if (index !== undefined) return index;
    throw new FormatError(source, "a class", `one of ${classes.slice(0, 20).join(", ")}`, name);
  });
  return { labels, classNames: classes };
}

/** Whole numbers by their size, so that class 10 does not come before class 2; other names by code points. */
function compareClasses(one: string, other: string): number {
  const isNumber = (name: string): boolean => /^\d{1,9}$/.test(name);
  if (isNumber(one) && isNumber(other)) return Number(one) - Number(other);
  return compareCodePoints(one, other);
}

/** @throws {InvalidConfigError} they are given, and are not a list of texts, each once. */
export function checkClassNames(
  owner: string,
  classNames: readonly string[] | undefined,
): readonly string[] | undefined {
  if (classNames === undefined) return undefined;
  const isList = Array.isArray(classNames) && classNames.every((name) => typeof name === "string");
  if (isList && new Set(classNames).size === classNames.length) return classNames;
  throw new InvalidConfigError(owner, "classNames", "a list of distinct strings", classNames);
}
