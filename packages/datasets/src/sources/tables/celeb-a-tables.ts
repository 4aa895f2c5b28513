import { FormatError } from "@featuremap/tensor";

/** One attribute of every picture, in the file's order. */
export interface CelebAttribute {
  readonly fileNames: string[];
  /** 1 where a picture has it, 0 where not. */
  readonly labels: Int32Array;
}

/** Which part of CelebA a picture belongs to: to train on, to choose by, to judge by. */
export type CelebPartition = 0 | 1 | 2;

/** The 202,599 lines of the real file take 26 MB. */
const longestText = 2 ** 28;

/**
 * Reads one attribute out of `list_attr_celeba.txt`: a count, a line of names, then for each picture its file name and 1 or
 * -1 for each attribute.
 *
 * Source: Liu, Luo, Wang and Tang, "Deep Learning Face Attributes in the Wild", 2015; the data set's own README.
 *
 * @throws {FormatError} it is not such a file, or has no such attribute; the message names those it has.
 */
export function parseCelebAttributes(text: string, source: string, attribute: string): CelebAttribute {
  const lines = linesOf(text, source);
  const count = Number(lines.next().value);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new FormatError(source, "line 1", "the number of pictures", "another");
  const names = (lines.next().value ?? "").trim().split(/\s+/);
  const column = names.indexOf(attribute);
  if (column < 0) throw new FormatError(source, `attribute "${attribute}"`, "one of its attributes", names.join(" "));
  const fileNames: string[] = [];
  const labels: number[] = [];
  const known = new Set<string>();
  for (const line of lines) {
    const [fileName = "", ...values] = line.trim().split(/\s+/);
    if (fileName === "") continue;
    const value = values[column];
    if (values.length !== names.length || (value !== "1" && value !== "-1")) {
      const expected = `a file name and ${names.length} values of 1 or -1`;
      throw new FormatError(source, `line ${fileNames.length + 3}`, expected, line.slice(0, 80));
    }
    requireNew(fileName, known, source, fileNames.length + 3);
    known.add(fileName);
    fileNames.push(fileName);
    labels.push(value === "1" ? 1 : 0);
  }
  if (fileNames.length !== count)
    throw new FormatError(source, "the pictures", `${count}, as line 1 says`, `${fileNames.length}`);
  return { fileNames, labels: Int32Array.from(labels) };
}

/**
 * Reads `list_eval_partition.txt`: a file name and 0, 1 or 2 a line.
 *
 * @throws {FormatError} it is not such a file.
 */
export function parseCelebPartitions(text: string, source: string): Map<string, CelebPartition> {
  const partitions = new Map<string, CelebPartition>();
  for (const line of linesOf(text, source)) {
    const [fileName = "", partition, ...more] = line.trim().split(/\s+/);
    if (fileName === "") continue;
    const number = Number(partition);
    if (more.length > 0 || (number !== 0 && number !== 1 && number !== 2)) {
      throw new FormatError(source, `line ${partitions.size + 1}`, "a file name and 0, 1 or 2", line.slice(0, 80));
    }
    requireNew(fileName, partitions, source, partitions.size + 1);
    partitions.set(fileName, number);
  }
  return partitions;
}

/** A picture stands in a list once, and lies beside the others. */
function requireNew(name: string, known: { has(name: string): boolean }, source: string, line: number): void {
  const fail = (expected: string): never => {
    throw new FormatError(source, `line ${line}`, expected, name.slice(0, 80));
  };
  if (/[/\\]|^\.+$/.test(name)) fail("the plain name of a file");
  if (known.has(name)) fail("a file name that no earlier line has");
}

function* linesOf(text: string, source: string): Generator<string, void, undefined> {
  if (text.length > longestText)
    throw new FormatError(source, "the file", `at most ${longestText} characters`, `${text.length}`);
  for (let at = 0; at < text.length;) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found;
    yield text.slice(at, end);
    at = end + 1;
  }
}
