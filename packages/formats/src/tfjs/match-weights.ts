import type { Model, Weight } from "@featuremap/layers";
import { FormatError, describeValue } from "@featuremap/tensor";
import type { StoredTensor } from "../tensors/tensor-store.ts";
import type { Filling } from "../tensors/fill-from-store.ts";

/** Names that TensorFlow.js and Keras 2 have for weights, by Keras 3's. */
const otherNames: Readonly<Record<string, readonly string[]>> = { kernel: ["depthwise_kernel"] };

const mostNamed = 5;

/**
 * Finds the stored tensor of every weight by name, and uses each once.
 *
 * TensorFlow.js knows weights by `<layer>/<weight>` alone, Keras's converter also by the models around the layer
 * (`model/<layer>/<weight>`), or by their number in the layer. A `/` in a layer's name has become `_`.
 *
 * @param source the file, for the error
 * @throws {FormatError} a weight has no tensor, or a tensor no weight.
 */
export function matchWeights(
  model: Model,
  tensors: ReadonlyMap<string, StoredTensor>,
  source: string,
): readonly Filling[] {
  const unused = new Set(tensors.keys());
  const fillings: Filling[] = [];
  let missing: readonly NamedWeight[] = [...namedWeights(model)];
  const takeAll = (find: (weight: NamedWeight) => string | undefined): void => {
    missing = missing.filter((each) => {
      const name = find(each);
      const tensor = name === undefined || !unused.has(name) ? undefined : tensors.get(name);
      if (tensor === undefined || name === undefined) return true;
      unused.delete(name);
      fillings.push({ weight: each.weight, path: each.path, tensor });
      return false;
    });
  };
  takeAll(({ path }) => path);
  // From here on a name counts only where it can mean one weight alone.
  const shared = namesOfSeveral(missing);
  takeAll(({ names }) => names.find((name) => !shared.has(name) && unused.has(name)));
  const slashless = new Map([...unused].map((name) => [name.replaceAll("/", "_"), name]));
  takeAll(({ names }) => {
    const found = names.find((name) => !shared.has(name) && slashless.has(name.replaceAll("/", "_")));
    return found === undefined ? undefined : slashless.get(found.replaceAll("/", "_"));
  });
  const byEnd = groupByEnd(unused);
  takeAll(({ names }) =>
    onlyMatch(
      names.filter((name) => !shared.has(name)),
      byEnd,
      unused,
    ),
  );
  if (missing.length > 0) {
    const what = missing.length === 1 ? "the weight" : `${missing.length} weights`;
    const found = unused.size === 0 ? "nothing more" : list([...unused]);
    throw new FormatError(source, "weightsManifest", `with ${what} ${list(missing.map(({ path }) => path))}`, found);
  }
  if (unused.size > 0) {
    throw new FormatError(source, "weightsManifest", "of the model's weights alone", `also ${list([...unused])}`);
  }
  return fillings;
}

function list(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
  return names.slice(0, mostNamed).map(describeValue).join(", ") + more;
}

interface NamedWeight {
  readonly path: string;
  readonly weight: Weight;
  /** What it may be called: with all models around it first, then with fewer. */
  readonly names: readonly string[];
}

function* namedWeights(model: Model): Generator<NamedWeight, void, undefined> {
  let layer = "";
  let number = 0;
  for (const [path, weight] of model.namedWeights()) {
    const own = path.slice(0, path.lastIndexOf("/"));
    number = own === layer ? number + 1 : 0;
    layer = own;
    const name = path.slice(own.length + 1);
    const spellings = [name, ...(otherNames[name] ?? []), `${number}`, `vars/${number}`];
    yield { path, weight, names: spellings.flatMap((spelling) => endings(own).map((end) => `${end}/${spelling}`)) };
  }
}

/** `a/b/c`, `b/c` and `c`. */
function endings(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, from) => parts.slice(from).join("/"));
}

function groupByEnd(names: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const end = name.split("/").slice(-2).join("/");
    const group = groups.get(end);
    if (group === undefined) groups.set(end, [name]);
    else group.push(name);
  }
  return groups;
}

/** Names that more than one weight may have. */
function namesOfSeveral(weights: readonly NamedWeight[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const several = new Set<string>();
  for (const name of weights.flatMap(({ names }) => names)) (seen.has(name) ? several : seen).add(name);
  return several;
}

/** The only unused name that ends in one of these; the first of them counts most. */
function onlyMatch(
  names: readonly string[],
  byEnd: ReadonlyMap<string, readonly string[]>,
  unused: ReadonlySet<string>,
): string | undefined {
  for (const name of names) {
    const end = name.split("/").slice(-2).join("/");
    const found = byEnd.get(end)?.filter((each) => unused.has(each) && each.endsWith(`/${name}`)) ?? [];
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}
