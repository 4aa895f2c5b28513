import * as tf from "@tensorflow/tfjs-core";
import { type Kernel, runKernel } from "../contract/kernel.ts";
import { isRecording } from "../contract/recording.ts";
import { fill, select } from "../contract/tensorflow.ts";

/** For each input of a kernel, by its name in TensorFlow.js, what computes the loss's derivative by it when asked. */
export type InputGradients = Readonly<Record<string, () => tf.Tensor>>;

/**
 * The gradient of a kernel with one output.
 *
 * @param kernelName as TensorFlow.js knows it
 * @param kept names of the inputs that the gradient needs; `"y"` is the output. What is kept stays in memory until
 *   the backward pass, so a gradient keeps as little as it can.
 * @param gradient from the derivative by the output, what was kept, and the kernel's attributes
 */
export function kernelGradient<Name extends string = never, Attributes extends object = object>(
  kernelName: string,
  kept: readonly Name[],
  gradient: (dy: tf.Tensor, kept: Readonly<Record<Name, tf.Tensor>>, attributes: Attributes) => InputGradients,
): tf.GradConfig {
  const inputNames: string[] = kept.filter((name) => name !== "y");
  const outputsToSave = kept.some((name) => name === "y") ? [true] : [];
  // TensorFlow.js hands over the inputs first, and then the output.
  const names = [...inputNames, ...outputsToSave.map(() => "y")];
  return {
    kernelName,
    inputsToSave: inputNames,
    outputsToSave,
    gradFunc: (dys, saved, attributes) => {
      const [dy] = listOf(dys) as [tf.Tensor];
      // The registry's types know neither which tensors a kernel saves nor which attributes it has.
      const named = Object.fromEntries(names.map((name, index) => [name, saved[index]])) as Record<Name, tf.Tensor>;
      return withFreshTensors(gradient(dy, named, attributes as Attributes), [dy, ...saved]);
    },
  };
}

/**
 * The gradient of a kernel of the contract, of whose outputs the first alone reaches the loss.
 *
 * @param keptInputs names of the inputs that the gradient needs
 * @param keptOutputs for each output, whether the gradient needs it
 */
export function contractGradient<
  Inputs extends object,
  Attributes extends object,
  const Name extends keyof Inputs & string,
  const Kept extends readonly boolean[],
>(
  { name }: Kernel<string, Inputs, Attributes, tf.Tensor | tf.Tensor[]>,
  keptInputs: readonly Name[],
  keptOutputs: Kept,
  gradient: (
    dy: tf.Tensor,
    inputs: Pick<Inputs, Name>,
    outputs: { readonly [Index in keyof Kept]: Kept[Index] extends true ? tf.Tensor : undefined },
    attributes: Attributes,
  ) => InputGradients,
): tf.GradConfig {
  return {
    kernelName: name,
    inputsToSave: [...keptInputs],
    outputsToSave: [...keptOutputs],
    gradFunc: (dys, saved, attributes) => {
      const [dy] = listOf(dys) as [tf.Tensor];
      const inputs = Object.fromEntries(keptInputs.map((input, index) => [input, saved[index]]));
      const savedOutputs = saved.slice(keptInputs.length);
      const outputs = keptOutputs.map((kept) => (kept ? savedOutputs.shift() : undefined));
      // The registry's types know neither which tensors a kernel saves nor which attributes it has.
      type Parts = Parameters<typeof gradient>;
      return { ...gradient(dy, inputs as Parts[1], outputs as Parts[2], attributes as Attributes) };
    },
  };
}

/** The gradient of a kernel that takes any number of tensors; they are all kept. One derivative per tensor, in order. */
export function listGradient<Attributes extends object = object>(
  kernelName: string,
  gradient: (dy: tf.Tensor, inputs: readonly tf.Tensor[], attributes: Attributes) => readonly (() => tf.Tensor)[],
): tf.GradConfig {
  return {
    kernelName,
    saveAllInputs: true,
    gradFunc: (dys, saved, attributes) => {
      const [dy] = listOf(dys) as [tf.Tensor];
      const gradients = gradient(dy, saved, attributes as Attributes);
      return withFreshTensors(Object.fromEntries(gradients.entries()), [dy]);
    },
  };
}

/** The gradient of a kernel that gives several tensors; an output that the loss does not use has a derivative of zeros. */
export function outputsGradient<Attributes extends object = object>(
  kernelName: string,
  gradient: (dys: tf.Tensor[], attributes: Attributes) => InputGradients,
): tf.GradConfig {
  return {
    kernelName,
    gradFunc: (dys, _saved, attributes) => gradient(listOf(dys), attributes as Attributes),
  };
}

/** The gradient of a function of `x` alone, element by element: `dx = gradient(dy, x)`, in float32. */
export function elementwiseGradient(
  kernelName: string,
  gradient: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor,
): tf.GradConfig {
  return kernelGradient(kernelName, ["x"], (dy, { x }) => ({ x: () => gradient(dy, asFloat(x)) }));
}

/**
 * The gradient of a function whose derivative is told most cheaply by its own output: `dx = gradient(dy, y)`.
 *
 * TensorFlow.js records nothing about how a kept output came to be, so a derivative of this derivative would silently
 * miss a part. Hence the input is kept too, and where the backward pass is itself being recorded, `y` is computed anew.
 */
export function outputGradient<Attributes extends object = object>(
  kernelName: string,
  inputName: string,
  forward: (x: tf.Tensor) => tf.Tensor,
  gradient: (dy: tf.Tensor, y: tf.Tensor, attributes: Attributes) => tf.Tensor,
): tf.GradConfig {
  return kernelGradient(kernelName, [inputName, "y"], (dy, kept, attributes: Attributes) => ({
    [inputName]: () => {
      const { [inputName]: x, y } = kept as Record<string, tf.Tensor> & { y: tf.Tensor };
      return gradient(dy, isRecording() && x !== undefined ? forward(x) : y, attributes);
    },
  }));
}

/** The tensor itself where it is float32, as gradients are; otherwise converted. */
export function asFloat(x: tf.Tensor): tf.Tensor {
  return x.dtype === "float32" ? x : tf.cast(x, "float32");
}

/** One value throughout, as float32; made on the device. */
export function filled(shape: readonly number[], value: number): tf.Tensor {
  return runKernel(fill, {}, { shape: [...shape], value, dtype: "float32" });
}

/** Zeros of a shape: the derivative by what makes no difference. */
export function zeros(shape: readonly number[]): tf.Tensor {
  return filled(shape, 0);
}

/** `chosen` where the condition holds, `other` elsewhere; all of one shape. */
export function choose(condition: tf.Tensor, chosen: tf.Tensor, other: tf.Tensor): tf.Tensor {
  // tf.where would first copy all three to a common shape.
  return runKernel(select, { condition, t: chosen, e: other }, {});
}

/** `dy` where the condition, of the same shape, holds; zero elsewhere. */
export function keepWhere(condition: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return choose(condition, dy, zeros(dy.shape));
}

function listOf(dys: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(dys) ? dys : [dys];
}

/** TensorFlow.js disposes a derivative once it has added to it, so none may be a tensor that is still needed. */
function withFreshTensors(gradients: InputGradients, needed: readonly tf.Tensor[]): Record<string, () => tf.Tensor> {
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => {
      const fresh = (): tf.Tensor => {
        const result = gradient();
        return needed.includes(result) ? tf.clone(result) : result;
      };
      return [name, fresh];
    }),
  );
}
