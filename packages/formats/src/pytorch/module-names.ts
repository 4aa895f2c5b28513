import { FormatError, InvalidConfigError, describeValue } from "@featuremap/tensor";
import type { TensorStore } from "../tensors/tensor-store.ts";
import { type KnownNetwork, knownNetworks } from "./known-networks.ts";
import type { LayerLayout, ModuleKind } from "./weight-layout.ts";

/** PyTorch's module for each layer with weights, by the layer's path: `{ "conv2d": "features.0" }`, or a function of it. */
export type PyTorchNames = Readonly<Record<string, string>> | ((path: string) => string | undefined);

/** The tensors of a file, as far as they are looked at. */
export type NamedTensors = Pick<TensorStore, "source" | "tensors">;

/** The module of each layer, and the network by whose names it was found, if by any. */
export interface FoundModules {
  readonly modules: ReadonlyMap<LayerLayout, string>;
  readonly network?: KnownNetwork | undefined;
}

/**
 * The module of each layer: by the names that are given; else the layers' own, where the file has those; else those of a network
 * that is known; else by the order of the file's modules of each kind.
 *
 * @throws {InvalidConfigError} a name is missing.
 * @throws {FormatError} the order of the file's modules cannot be told.
 */
export function moduleNames(
  owner: string,
  layouts: readonly LayerLayout[],
  { tensors, source }: NamedTensors,
  names: PyTorchNames | undefined,
): FoundModules {
  if (names !== undefined) return { modules: givenNames(owner, layouts, names) };
  const modules = new Set([...tensors.keys()].map((name) => name.slice(0, Math.max(0, name.lastIndexOf(".")))));
  for (const network of [undefined, ...knownNetworks]) {
    const moduleOf = network === undefined ? (name: string) => name : network.moduleOf;
    const guessed = layouts.map((layout) => [layout, moduleOf(lastOf(layout.path))] as const);
    if (guessed.every(([, module]) => module !== undefined && modules.has(module))) {
      const found = guessed.flatMap(([layout, module]) => (module === undefined ? [] : [[layout, module] as const]));
      return { modules: new Map(found), network };
    }
  }
  return { modules: namesInOrder(layouts, tensors, modules, source) };
}

/** The module of each layer by the names that are given, else the layers' own. */
export function givenNames(
  owner: string,
  layouts: readonly LayerLayout[],
  names: PyTorchNames = lastOf,
): ReadonlyMap<LayerLayout, string> {
  if (typeof names !== "function" && (typeof names !== "object" || names === null)) {
    throw new InvalidConfigError(owner, "names", "modules by the paths of layers, or a function of a path", names);
  }
  const nameOf =
    typeof names === "function" ? names : (path: string) => (Object.hasOwn(names, path) ? names[path] : undefined);
  return new Map(
    layouts.map((layout) => {
      const name: unknown = nameOf(layout.path);
      if (typeof name === "string" && name !== "") return [layout, name];
      throw new InvalidConfigError(owner, `names of ${describeValue(layout.path)}`, "the name of a module", name);
    }),
  );
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function namesInOrder(
  layouts: readonly LayerLayout[],
  tensors: TensorStore["tensors"],
  modules: ReadonlySet<string>,
  source: string,
): ReadonlyMap<LayerLayout, string> {
  const byKind = new Map<ModuleKind, string[]>();
  for (const module of modules) {
    const kind = kindOf(module, tensors);
    if (kind !== undefined) byKind.set(kind, [...(byKind.get(kind) ?? []), module]);
  }
  const result = new Map<LayerLayout, string>();
  for (const [kind, found] of byKind) {
    const own = layouts.filter((layout) => (layout.kind === "transposed" ? "convolution" : layout.kind) === kind);
    if (own.length !== found.length) {
      const what = `modules of ${kind}`;
      throw new FormatError(source, what, `${own.length}, as the model has (or give names)`, `${found.length}`);
    }
    found.sort((a, b) => inOrder(a, b, source));
    for (const [index, layout] of own.entries()) result.set(layout, found[index] ?? "");
  }
  const lacking = layouts.find((layout) => !result.has(layout));
  if (lacking === undefined) return result;
  throw new FormatError(source, `module of layer ${describeValue(lacking.path)}`, "in the file", "nothing");
}

function kindOf(module: string, tensors: TensorStore["tensors"]): ModuleKind | undefined {
  if (tensors.has(`${module}.running_mean`)) return "normalization";
  const rank = tensors.get(`${module}.weight`)?.shape.length;
  if (rank === 1) return "normalization";
  if (rank === undefined) return undefined;
  return rank === 2 ? "linear" : "convolution";
}

/** What comes last in networks. */
const heads: ReadonlySet<string> = new Set(["fc", "classifier", "head", "linear", "out", "output"]);

/** Files of safetensors have names in alphabetical order, which is not that of the modules. */
function inOrder(a: string, b: string, source: string): number {
  const [left, right] = [a.split("."), b.split(".")];
  const at = left.findIndex((part, index) => part !== right[index]);
  const [one = "", other = ""] = [left[at], right[at]];
  if (heads.has(one) !== heads.has(other)) return heads.has(one) ? 1 : -1;
  const [first, second] = [/^(\D*)(\d+)$/.exec(one), /^(\D*)(\d+)$/.exec(other)];
  if (first && second && first[1] === second[1]) return Number(first[2]) - Number(second[2]);
  const expected = "told apart by numbers; give names of modules by the paths of layers";
  throw new FormatError(source, "order of modules", expected, `${a} and ${b}`);
}
