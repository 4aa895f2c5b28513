import { type KernelConfig, type TensorInfo, Transpose, util } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { runKernel } from "../../engine/kernel.ts";

/** How axes move from `[batch, channels, height, width]` to `[batch, height, width, channels]`, and back. */
const TO_CHANNELS_LAST = [0, 2, 3, 1];
const TO_CHANNELS_FIRST = [0, 3, 1, 2];

/** Inputs and attributes of a kernel over images, whatever else it receives. */
interface Call {
  readonly inputs: Readonly<Record<string, TensorInfo | null | undefined>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: WasmBackend;
}

/** Inputs that are images of either layout. */
const IMAGES: ReadonlySet<string> = new Set(["x", "dy", "y"]);
/** Inputs with a value for each channel, which TensorFlow.js gives as `[channels, 1, 1]` where channels come first. */
const OF_CHANNELS: ReadonlySet<string> = new Set(["bias", "preluActivationWeights"]);

/**
 * The kernel, also for images whose channels come first: they are transposed, computed as the kernel does, and
 * transposed back.
 */
export function alsoChannelsFirst(config: KernelConfig): KernelConfig {
  const givesImages = !config.kernelName.endsWith("BackpropFilter");
  return {
    ...config,
    kernelFunc: (parameters) => {
      // TensorFlow.js types every kernel's parameters alike.
      const call = parameters as Call;
      const ofChannels = Object.entries(call.inputs).filter(([name]) => OF_CHANNELS.has(name));
      const takes = call.attrs["dataFormat"] === "NCHW" && ofChannels.every(([, tensor]) => isOfChannels(tensor));
      if (!takes) return config.kernelFunc(parameters);
      const { backend } = call;
      const made: TensorInfo[] = [];
      const inputs = Object.fromEntries(
        Object.entries(call.inputs).map(([name, tensor]) => {
          if (tensor === null || tensor === undefined) return [name, tensor];
          if (OF_CHANNELS.has(name)) return [name, { ...tensor, shape: [tensor.shape[0] ?? 1] }];
          if (!IMAGES.has(name)) return [name, tensor];
          const transposed = runKernel(Transpose, { x: tensor }, { perm: TO_CHANNELS_LAST }, backend);
          made.push(transposed);
          return [name, transposed];
        }),
      );
      const attrs = channelsLastAttributes(call.attrs);
      const result = config.kernelFunc({ ...parameters, inputs: inputs as typeof parameters.inputs, attrs });
      for (const tensor of made) backend.disposeIntermediateTensorInfo(tensor);
      if (!givesImages || Array.isArray(result)) return result;
      const back = runKernel(Transpose, { x: result }, { perm: TO_CHANNELS_FIRST }, backend);
      backend.disposeIntermediateTensorInfo(result);
      return back;
    },
  };
}

function channelsLastAttributes(attrs: Call["attrs"]): NonNullable<Parameters<KernelConfig["kernelFunc"]>[0]["attrs"]> {
  const pad = attrs["pad"];
  const inputShape = attrs["inputShape"] as number[] | undefined;
  const moved = <T>(values: readonly T[]): T[] => TO_CHANNELS_LAST.map((axis) => values[axis] as T);
  return {
    ...(attrs as Record<string, number>),
    dataFormat: "NHWC",
    // Explicit padding comes in the order of the data format.
    ...(Array.isArray(pad) && { pad: moved(pad as number[][]) as never }),
    ...(inputShape !== undefined && { inputShape: moved(inputShape) }),
  };
}

/** Whether there is one value for each channel, or one for all: `[channels, 1, 1]`, `[channels]`, `[1]` or `[]`. */
function isOfChannels(tensor: TensorInfo | null | undefined): boolean {
  return tensor === null || tensor === undefined || util.sizeFromShape(tensor.shape) === (tensor.shape[0] ?? 1);
}
