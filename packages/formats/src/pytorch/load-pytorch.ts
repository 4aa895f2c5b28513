import type { Preprocessing } from "@featuremap/images";
import { BatchNormalization, type Model } from "@featuremap/layers";
import {
  FormatError,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
  describeValue,
  formatShape,
  sizeOf,
} from "@featuremap/tensor";
import { checkConnected } from "../model-files/model-content.ts";
import { checkSignalAndProgress } from "../model-files/read-model-files.ts";
import type { BundleFiles } from "../reading/model-reader.ts";
import type { FileLocation } from "../reading/open-bytes.ts";
import { type OpenSafetensorsOptions, openSafetensors } from "../safetensors/open-safetensors.ts";
import { type Filling, fillFromStore, transpose } from "../tensors/fill-from-store.ts";
import type { StoredTensor, TensorStore } from "../tensors/tensor-store.ts";
import type { KnownNetwork } from "./known-networks.ts";
import { type NamedTensors, type PyTorchNames, moduleNames } from "./module-names.ts";
import { type TimmConfig, openTimmConfig } from "./timm-config.ts";
import { type WeightLayout, layoutsOf } from "./weight-layout.ts";

/** How to take weights of PyTorch. */
export interface LoadPyTorchOptions extends OpenSafetensorsOptions {
  /**
   * Module of each layer with weights, by the layer's path. Default: the layers' own names, where the file has those, as with
   * ResNet18; timm's, for EfficientNet, EfficientNetV2, MobileNetV3 and ConvNeXt; those of both for DenseNet; else by the order of the file's modules of each kind, where it can be told.
   */
  readonly names?: PyTorchNames | undefined;
  /** Tensors or modules of the file that are left out, such as `fc` for a model without its top. Default: none. */
  readonly ignore?: readonly string[] | undefined;
  /** timm's `config.json`: its location, or what it holds. */
  readonly config?: FileLocation | object | undefined;
}

/** What {@link loadPyTorch} found beside the weights. */
export interface LoadedPyTorch {
  /** How a picture becomes the model's input, as the config says. */
  readonly preprocessing?: Preprocessing | undefined;
  /** Name of each class, as the config says. */
  readonly labels?: readonly string[] | undefined;
  /** What is not as the files say, or cannot be told from them. One sentence each. */
  readonly notes: readonly string[];
}

const owner = "loadPyTorch";

const optionNames: OptionNames<LoadPyTorchOptions> = {
  names: true,
  ignore: true,
  config: true,
  signal: true,
  onProgress: true,
  limits: true,
};

/**
 * Gives a model the weights of a network of PyTorch, torchvision or timm: its state as safetensors, whole or in shards. All is
 * checked before the first weight changes.
 *
 * PyTorch's axes are turned to those of Keras: kernels, and what layers behind Flatten take. The model must be the same
 * network otherwise: the file does not hold strides, padding and epsilon.
 *
 * @param location as `openSafetensors` takes it
 * @throws {InvalidConfigError} the model is none, has layers that PyTorch has no module for, a name is missing, or an option is
 * not what it may be.
 * @throws {UnavailableError} a file is absent or cannot be reached.
 * @throws {FormatError} a file is damaged, or is of another network; the message names module and shapes.
 * @throws {AbortedError} the signal was raised.
 */
export async function loadPyTorch(
  model: Model,
  location: FileLocation | BundleFiles,
  options: LoadPyTorchOptions = {},
): Promise<LoadedPyTorch> {
  checkConnected(owner, model);
  checkOptions(owner, options, optionNames);
  const { names, ignore = [], config, ...opening } = options;
  if (!(Array.isArray(ignore) && ignore.every((name) => typeof name === "string"))) {
    throw new InvalidConfigError(owner, "ignore", "a list of names", ignore);
  }
  checkSignalAndProgress(owner, opening.signal, opening.onProgress);
  const described = config === undefined ? undefined : await openTimmConfig(config, opening.signal);
  const opened = await openSafetensors(location, opening);
  try {
    const store = withoutIgnored(opened, ignore);
    const notes = [...(described?.notes ?? [])];
    const { found, network } = fillings(model, store, names, notes);
    const isTensorFlows = network?.isTwofold === true && padsAsKeras(described, store.source, notes);
    await fillFromStore(found, store.source);
    if (!isTensorFlows) noteEpsilon(model, notes);
    if (ignore.length > 0) notes.push(`Left out, as asked: ${ignore.join(", ")}.`);
    return { preprocessing: described?.preprocessing, labels: described?.labels, notes };
  } finally {
    await opened.close();
  }
}

/** What `DataParallel` puts before every name. */
const parallel = "module.";

function withoutIgnored({ source, tensors }: TensorStore, ignore: readonly string[]): NamedTensors {
  const isParallel = [...tensors.keys()].every((name) => name.startsWith(parallel));
  const kept = new Map<string, StoredTensor>();
  for (const [stored, tensor] of tensors) {
    const name = isParallel ? stored.slice(parallel.length) : stored;
    // Counts steps, and nothing depends on it.
    if (name.endsWith("num_batches_tracked")) continue;
    if (!ignore.some((each) => name === each || name.startsWith(`${each}.`))) kept.set(name, tensor);
  }
  return { source, tensors: kept };
}

function fillings(
  model: Model,
  store: NamedTensors,
  names: PyTorchNames | undefined,
  notes: string[],
): { readonly found: readonly Filling[]; readonly network: KnownNetwork | undefined } {
  const { layouts, others } = layoutsOf(model);
  const { modules, network } = moduleNames(owner, layouts, store, names);
  const unused = new Set(store.tensors.keys());
  const result: Filling[] = [];
  for (const layout of layouts) {
    for (const each of layout.weights) {
      const name = `${modules.get(layout) ?? ""}.${each.parameter}`;
      const tensor = store.tensors.get(name);
      if (tensor === undefined) {
        const expected = `in the file, for weight ${describeValue(each.path)}`;
        throw new FormatError(store.source, `tensor ${describeValue(name)}`, expected, "nothing");
      }
      unused.delete(name);
      result.push({ weight: each.weight, path: each.path, tensor: turned(tensor, name, each, store.source) });
    }
  }
  if (unused.size > 0) {
    const [first, ...more] = unused;
    const found = `${describeValue(first)}${more.length === 0 ? "" : ` and ${more.length} more`}`;
    throw new FormatError(store.source, "tensors", "weights of the model, or among those to ignore", found);
  }
  if (others.length > 0) notes.push(`Layers that PyTorch has no module for keep their weights: ${others.join(", ")}.`);
  return { found: result, network };
}

/**
 * Whether the file is of that of timm's two networks of these names which is Keras's, as the config tells.
 *
 * @throws {FormatError} it is the other.
 */
function padsAsKeras(described: TimmConfig | undefined, source: string, notes: string[]): boolean {
  const architecture = described?.architecture;
  if (architecture?.startsWith("tf_")) return true;
  if (architecture === undefined) {
    notes.push(
      "timm has this network twice, and both fit: the one whose name begins with tf_ predicts the same here, the other pads otherwise and does not. The option config, timm's config.json, tells which it is.",
    );
    return false;
  }
  const expected = "one of timm's that begin with tf_, which pad as Keras does; the other predicts something else here";
  throw new FormatError(source, "network", expected, architecture);
}

/** The tensor with the axes of the weight. */
function turned(tensor: StoredTensor, name: string, layout: WeightLayout, source: string): StoredTensor {
  const { weight, view, axes, shape } = layout;
  const lengths = (list: readonly number[]): string => list.filter((length) => length !== 1).join();
  // Squeeze-and-excite is of convolutions in some libraries and of linear layers in others.
  if (sizeOf(tensor.shape) !== sizeOf(shape) || lengths(tensor.shape) !== lengths(shape)) {
    const expected = `${formatShape(shape)}, as weight ${describeValue(layout.path)} is`;
    throw new FormatError(source, `shape of ${describeValue(name)}`, expected, formatShape(tensor.shape));
  }
  return {
    shape: weight.shape,
    type: tensor.type,
    read: async () => transpose(await tensor.read(), view, axes),
  };
}

function noteEpsilon(model: Model, notes: string[]): void {
  const usual = 1e-5;
  const visit = (layers: Model["innerLayers"]): readonly number[] =>
    layers.flatMap((layer) => {
      if (layer instanceof BatchNormalization) return [layer.epsilon];
      return layer.innerLayers === null ? [] : visit(layer.innerLayers);
    });
  const others = new Set(visit(model.innerLayers).filter((epsilon) => epsilon !== usual));
  if (others.size === 0) return;
  notes.push(
    `BatchNormalization has epsilon ${[...others].join(" and ")} here and usually ${usual} in PyTorch, which the file does not tell.`,
  );
}
