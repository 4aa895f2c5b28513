import { writeFileWhole } from "@featuremap/files";
import type { Model } from "@featuremap/layers";
import { HostArray, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { checkConnected } from "../model-files/model-content.ts";
import { encodeSafetensors } from "../safetensors/encode-safetensors.ts";
import { transpose } from "../tensors/fill-from-store.ts";
import { type PyTorchNames, givenNames } from "./module-names.ts";
import { layoutsOf } from "./weight-layout.ts";

/** How to write weights for PyTorch. */
export interface EncodePyTorchOptions {
  /** Module of each layer with weights, by the layer's path. Default: the layers' own names. */
  readonly names?: PyTorchNames | undefined;
  /** Paths of layers that are left out, as `normalization` of Keras's EfficientNet. Default: none. */
  readonly ignore?: readonly string[] | undefined;
}

const optionNames: OptionNames<EncodePyTorchOptions> = { names: true, ignore: true };

/**
 * A model's weights as a state of PyTorch in safetensors: `module.load_state_dict(safetensors.torch.load_file(path))`.
 *
 * @throws {InvalidConfigError} the model is none, or has weights that PyTorch has no module for; or a name is missing or not the
 * only one.
 */
export async function encodePyTorch(
  model: Model,
  options: EncodePyTorchOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return encode("encodePyTorch", model, options);
}

/** {@link encodePyTorch} to a file, which is written whole. Node only. @throws {UnavailableError} it cannot be written. */
export async function savePyTorch(model: Model, path: string, options: EncodePyTorchOptions = {}): Promise<void> {
  await writeFileWhole(path, await encode("savePyTorch", model, options));
}

async function encode(owner: string, model: Model, options: EncodePyTorchOptions): Promise<Uint8Array<ArrayBuffer>> {
  checkConnected(owner, model);
  checkOptions(owner, options, optionNames);
  const { names, ignore = [] } = options;
  if (!(Array.isArray(ignore) && ignore.every((path) => typeof path === "string"))) {
    throw new InvalidConfigError(owner, "ignore", "a list of paths", ignore);
  }
  const { layouts, others } = layoutsOf(model);
  const unknown = others.filter((path) => !ignore.includes(path));
  if (unknown.length > 0) {
    const expected = "one of layers that PyTorch has modules for, besides those to ignore";
    throw new InvalidConfigError(owner, "model", expected, unknown.join(", "));
  }
  const written = layouts.filter(({ path }) => !ignore.includes(path));
  const tensors = new Map<string, HostArray>();
  for (const [{ weights }, module] of givenNames(owner, written, names)) {
    for (const { weight, parameter, shape, view, axes } of weights) {
      const name = `${module}.${parameter}`;
      if (tensors.has(name)) throw new InvalidConfigError(owner, "names", "different for each layer", module);
      const { data } = await weight.read();
      const lengths = axes.map((axis) => view[axis] ?? 1);
      const back = view.map((_, axis) => axes.indexOf(axis));
      tensors.set(name, new HostArray(transpose(data, lengths, back), shape));
    }
  }
  return encodeSafetensors(tensors, { format: "pt" });
}
