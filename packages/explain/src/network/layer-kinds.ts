import {
  Conv1D,
  Conv1DTranspose,
  Conv2D,
  Conv2DTranspose,
  Conv3D,
  Conv3DTranspose,
  DepthwiseConv1D,
  DepthwiseConv2D,
  type Layer,
  SeparableConv1D,
  SeparableConv2D,
  SpectralNormalization,
} from "@featuremap/layers";
import type { Network, Step } from "./network.ts";

const convolutions = [
  Conv1D,
  Conv1DTranspose,
  Conv2D,
  Conv2DTranspose,
  Conv3D,
  Conv3DTranspose,
  DepthwiseConv1D,
  DepthwiseConv2D,
  SeparableConv1D,
  SeparableConv2D,
] as const;

/** Layers that pass their input on while nothing trains. */
const passingOn: ReadonlySet<string> = new Set([
  "ActivityRegularization",
  "AlphaDropout",
  "Dropout",
  "GaussianDropout",
  "GaussianNoise",
  "Identity",
  "SpatialDropout1D",
  "SpatialDropout2D",
  "SpatialDropout3D",
]);

/** Layers that put axes elsewhere, so that the data format before them says nothing of what comes after, or have a data format
 * whatever their input's is. */
const reorders: ReadonlySet<string> = new Set(["Flatten", "Permute", "Reshape", "RepeatVector"]);

/** The layer, and the one that it wraps, if it does. */
export function withWrapped(layer: Layer): readonly Layer[] {
  return layer instanceof SpectralNormalization ? [layer, layer.layer] : [layer];
}

/** Whether a layer is a convolution of any kind, or wraps one. */
export function isConvolution(layer: Layer): boolean {
  return withWrapped(layer).some((each) => convolutions.some((kind) => each instanceof kind));
}

/** Whether a prediction passes its input on as it is. */
export function passesOn(layer: Layer): boolean {
  return passingOn.has(layer.className);
}

/** Where channels stand in the value of a network that has the axes of a batch of images. */
export function isChannelsFirst({ steps }: Network, value: number): boolean {
  const format = formatBefore(steps, value) ?? formatAfter(steps, value);
  return format === "channels_first";
}

/** As the layers say that lead to the value. */
function formatBefore(steps: readonly Step[], value: number): string | undefined {
  const formats = new Map<number, string | undefined>();
  for (const { layer, inputs, outputs } of steps) {
    const passed = inputs.map((input) => formats.get(input)).find((format) => format !== undefined);
    const format = reorders.has(layer.className) ? undefined : (formatOf(layer) ?? passed);
    for (const output of outputs) formats.set(output, format);
    if (outputs.includes(value)) return format;
  }
  return undefined;
}

/** As the layers say that take the value. */
function formatAfter(steps: readonly Step[], value: number): string | undefined {
  const reached = new Set([value]);
  for (const { layer, inputs, outputs } of steps) {
    if (!inputs.some((input) => reached.has(input)) || reorders.has(layer.className)) continue;
    const format = formatOf(layer);
    if (format !== undefined) return format;
    for (const output of outputs) reached.add(output);
  }
  return undefined;
}

function formatOf(layer: Layer): string | undefined {
  for (const each of withWrapped(layer)) {
    const format = each.getConfig()["data_format"];
    if (format === "channels_first" || format === "channels_last") return format;
  }
  return undefined;
}
