import { InvalidConfigError, ShapeError, describeValue } from "@featuremap/tensor";

/** An example whose label a model finds less likely than another. */
export interface LabelSuspect {
  /** Its place among the examples. */
  readonly index: number;
  readonly label: number;
  /** The class that the model finds likely instead. */
  readonly suggested: number;
  /** The probability of the label less that of the suggested class: -1 is the gravest. */
  readonly margin: number;
}

/**
 * Examples whose label is probably wrong, the gravest first.
 *
 * A class is likely for an example if its probability is at least what examples of that class have on average; an example is
 * suspect if another class is likely and more so than its own.
 * Source: Northcutt, Jiang and Chuang, "Confident learning", 2021.
 *
 * @param labels class indices
 * @param probabilities for each example those of the classes, from a model that was not trained on it
 * @throws {InvalidConfigError} a label is not a class, or a probability is not in [0, 1], or those of a row do not sum to 1.
 * @throws {ShapeError} there are not as many rows as labels, or rows are of different lengths.
 */
export function labelSuspects(labels: ArrayLike<number>, probabilities: readonly ArrayLike<number>[]): LabelSuspect[] {
  const owner = "labelSuspects";
  if (!Array.isArray(probabilities) || typeof labels !== "object" || labels === null || !("length" in labels)) {
    throw new InvalidConfigError(owner, "labels and probabilities", "a list of classes and a list of rows", labels);
  }
  if (probabilities.length !== labels.length) {
    throw new ShapeError(
      owner,
      "probabilities",
      `${labels.length} rows, one for each label`,
      String(probabilities.length),
    );
  }
  const classes = probabilities[0]?.length ?? 0;
  const rows = probabilities as readonly ArrayLike<number>[];
  rows.forEach((row, index) => checkRow(owner, row, index, classes));
  const known = Array.from(labels, (label, index) => {
    if (Number.isInteger(label) && label >= 0 && label < classes) return label;
    throw new InvalidConfigError(owner, `labels[${index}]`, `a class in [0, ${classes})`, label);
  });
  const usual = usualProbabilities(known, rows, classes);
  const suspects = known.flatMap((label, index): LabelSuspect[] => {
    const row = rows[index] ?? [];
    let suggested = label;
    for (let other = 0; other < classes; other++) {
      const probability = row[other] ?? 0;
      if (probability >= (usual[other] ?? 2) && probability > (row[suggested] ?? 0)) suggested = other;
    }
    return suggested === label ? [] : [{ index, label, suggested, margin: (row[label] ?? 0) - (row[suggested] ?? 0) }];
  });
  return suspects.toSorted((a, b) => a.margin - b.margin);
}

/** What examples of each class give their own class, on average; more than any for classes without examples. */
function usualProbabilities(
  labels: readonly number[],
  rows: readonly ArrayLike<number>[],
  classes: number,
): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  labels.forEach((label, index) => {
    sums[label] = (sums[label] ?? 0) + (rows[index]?.[label] ?? 0);
    counts[label] = (counts[label] ?? 0) + 1;
  });
  return sums.map((sum, index) => (counts[index] === 0 ? 2 : sum / (counts[index] ?? 1)));
}

function checkRow(owner: string, row: ArrayLike<number>, index: number, classes: number): void {
  if (typeof row !== "object" || row === null || row.length !== classes) {
    throw new ShapeError(owner, `probabilities[${index}]`, `${classes} numbers`, describeValue(row?.length ?? row));
  }
  let sum = 0;
  for (let place = 0; place < classes; place++) {
    const probability = row[place];
    if (!(typeof probability === "number" && probability >= 0 && probability <= 1 + 1e-6)) {
      throw new InvalidConfigError(owner, `probabilities[${index}][${place}]`, "a number in [0, 1]", probability);
    }
    sum += probability;
  }
  if (Math.abs(sum - 1) > 0.01) {
    throw new InvalidConfigError(owner, `probabilities[${index}]`, "numbers that sum to 1", `a sum of ${sum}`);
  }
}
