import {
  type Batch,
  type BatchArrays,
  type HostArray,
  InvalidConfigError,
  describeValue,
  shorten,
} from "@featuremap/tensor";
import { isArrayPart, stack } from "./stack.ts";

/** An example's input or label, or those for each input or output by name or in order. */
interface Example {
  readonly x: unknown;
  readonly y: unknown;
  readonly sampleWeight: unknown;
}

const owner = "Dataset.batch";
const forms = "{ image, label }, { x, y, sampleWeight? } or [x, y, sampleWeight?]";

/**
 * Examples as a model's batch. An example is `{ image, label }`, as `files.images()` gives it, whatever else it has;
 * `{ x, y, sampleWeight? }` or, as in Keras, `[x, y, sampleWeight?]`, where `x` and `y` are one array, or for several inputs or
 * outputs a list or record of arrays; or an input alone, for prediction.
 *
 * @throws {InvalidConfigError} an element is none of these, or of another form than the first.
 * @throws {ShapeError} arrays that belong together differ in shape.
 */
export function modelBatch(elements: readonly unknown[]): Batch {
  const tell = (place: number): string => `element ${place}${pathOf(elements[place])}`;
  const examples = elements.map((element, place) => exampleOf(element, tell(place)));
  const part = (name: keyof Example): BatchArrays | undefined =>
    stackPart(
      name,
      examples.map((example) => example[name]),
      tell,
    );
  const [x, y, sampleWeight] = [part("x"), part("y"), part("sampleWeight")];
  if (x === undefined) throw new InvalidConfigError(owner, "elements", forms, elements[0]);
  const weights = sampleWeight === undefined ? {} : { sampleWeight };
  // Without labels it is for prediction; whoever learns from it says that they are missing.
  return { x, ...(y === undefined ? {} : { y }), ...weights, size: elements.length } as Batch;
}

/** Whether it is an example that was not batched. */
export function isExample(element: unknown): boolean {
  return isRecord(element) && "image" in element;
}

const exampleNames: ReadonlySet<string> = new Set(["x", "y", "sampleWeight", "path"]);

function exampleOf(element: unknown, called: string): Example {
  if (Array.isArray(element) && (element.length === 2 || element.length === 3)) {
    const [x, y, sampleWeight] = element as readonly unknown[];
    return { x, y, sampleWeight };
  }
  if (isArrayPart(element)) return { x: element, y: undefined, sampleWeight: undefined };
  if (isRecord(element) && "x" in element) {
    const unknown = Object.keys(element).find((name) => !exampleNames.has(name));
    if (unknown !== undefined) throw new InvalidConfigError(owner, called, `of x, y and sampleWeight`, unknown);
    return { x: element["x"], y: element["y"], sampleWeight: element["sampleWeight"] };
  }
  if (isExample(element)) {
    const { image, label, sampleWeight } = element as Readonly<Record<string, unknown>>;
    // Of files without labels.
    return { x: image, y: label === -1 ? undefined : label, sampleWeight };
  }
  throw new InvalidConfigError(owner, called, forms, element);
}

/** One part of all examples; undefined where none has it. */
function stackPart(
  option: string,
  parts: readonly unknown[],
  tell: (place: number) => string,
): BatchArrays | undefined {
  const [first] = parts;
  const isMissing = (part: unknown): boolean => part === undefined || part === null;
  const odd = parts.findIndex((part) => isMissing(part) !== isMissing(first));
  if (odd >= 0) {
    const expected = isMissing(first) ? `left out, like that of ${tell(0)}` : `given, like that of ${tell(0)}`;
    throw new InvalidConfigError(owner, `${option} of ${tell(odd)}`, expected, parts[odd]);
  }
  if (isMissing(first)) return undefined;
  if (isArrayPart(first)) return stack(option, parts, tell);
  // Taken for a record of inputs, floats or a picture without pixels would be refused by what nobody wrote.
  if (isRecord(first) && ["data", "width", "height"].every((name) => name in first)) {
    const expected = "a picture { data, width, height } of bytes (Uint8Array) with at least one pixel";
    throw new InvalidConfigError(owner, `${option} of ${tell(0)}`, expected, first["data"]);
  }
  const names = Object.keys(first as object);
  const named = names.map((name): [string, HostArray] => {
    const each = parts.map((part, place) => {
      const isAlike = typeof part === "object" && part !== null && String(Object.keys(part)) === String(names);
      if (isAlike && Array.isArray(part) === Array.isArray(first)) return Reflect.get(part, name);
      throw new InvalidConfigError(
        owner,
        `${option} of ${tell(place)}`,
        `with ${names.join(", ")}, like that of ${tell(0)}`,
        part,
      );
    });
    return [name, stack(`${option}.${name}`, each, tell)];
  });
  if (named.length === 0) throw new InvalidConfigError(owner, `${option} of ${tell(0)}`, "one array or more", first);
  return Array.isArray(first) ? named.map(([, array]) => array) : Object.fromEntries(named);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function pathOf(element: unknown): string {
  const { path } = (element ?? {}) as { readonly path?: unknown };
  return path === undefined
    ? ""
    : ` (${typeof path === "string" ? shorten(path, Number.POSITIVE_INFINITY) : describeValue(path)})`;
}
