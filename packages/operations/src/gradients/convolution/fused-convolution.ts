import * as tf from "@tensorflow/tfjs-core";
import { offers } from "../../contract/offers.ts";
import { isRecording } from "../../contract/recording.ts";
import { sumTo } from "../elementwise/broadcasting.ts";
import { conv2dGradient } from "./convolution.ts";
import { activationGradient } from "../device-kernels.ts";
import { type InputGradients, keepWhere, runKernel } from "../kernel-gradient.ts";

/** Attributes of TensorFlow.js's fused convolution that its gradient takes. */
interface Attributes extends tf.Conv2DAttrs {
  readonly activation: "linear" | "relu" | "relu6";
}

/**
 * The gradient of `activation(conv2d(x, filter) + bias)` computed as one kernel, for the activations whose slope their
 * output tells; TensorFlow.js itself trains the three operations one by one.
 *
 * A device may offer `FusedConv2DBackpropInput` (`{ dy, y, filter }` to `dx`) and `FusedConv2DBackpropFilter`
 * (`{ x, dy, y }` to the gradients towards filter and bias), with the convolution's attributes, the activation, and
 * `inputShape` or `filterShape`: they take the activation's gradient on the way, and dilation.
 */
export const fusedConvolutionGradients: readonly tf.GradConfig[] = [
  {
    kernelName: tf.FusedConv2D,
    inputsToSave: ["x", "filter"],
    outputsToSave: [true],
    gradFunc: (gradient, saved, attrs) => {
      const [x, filter, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      // TensorFlow.js types every kernel's attributes alike; the layers run this kernel with these.
      const attributes = attrs as unknown as Attributes;
      const dy = gradient as tf.Tensor;
      // Where the backward pass is itself being differentiated, it is by kernels whose own gradients are known.
      const offered = !isRecording() && offers("FusedConv2DBackpropInput", "FusedConv2DBackpropFilter");
      return { ...(offered ? onDevice : composed)(x, filter, y, dy, attributes) };
    },
  },
];

function onDevice(
  x: tf.Tensor,
  filter: tf.Tensor,
  y: tf.Tensor,
  dy: tf.Tensor,
  attributes: Attributes,
): InputGradients {
  const towardsWeights = shared(() =>
    tf
      .engine()
      .runKernel<tf.Tensor[]>("FusedConv2DBackpropFilter", { x, dy, y }, { ...attributes, filterShape: filter.shape }),
  );
  return {
    x: () => runKernel("FusedConv2DBackpropInput", { dy, y, filter }, { ...attributes, inputShape: x.shape }),
    filter: () => towardsWeights()[0] as tf.Tensor,
    bias: () => towardsWeights()[1] as tf.Tensor,
  };
}

function composed(
  x: tf.Tensor,
  filter: tf.Tensor,
  y: tf.Tensor,
  dy: tf.Tensor,
  attributes: Attributes,
): InputGradients {
  const sums = shared(() => [activated(dy, y, attributes.activation)]);
  const gradient = (): tf.Tensor => sums()[0] as tf.Tensor;
  return {
    x: () => conv2dGradient(gradient(), x, filter, attributes).x(),
    filter: () => conv2dGradient(gradient(), x, filter, attributes).filter(),
    bias: () => sumTo([filter.shape.at(-1) ?? 1], gradient()),
  };
}

/** `dy` behind the activation, from its output. */
export function activated(dy: tf.Tensor, y: tf.Tensor, activation: Attributes["activation"]): tf.Tensor {
  if (activation === "relu")
    return activationGradient("ReluGrad", dy, y, (slope, output) => tf.mul(slope, tf.step(output)));
  if (activation === "relu6") {
    return activationGradient("Relu6Grad", dy, y, (slope, output) =>
      keepWhere(tf.greater(output, 0), keepWhere(tf.less(output, 6), slope)),
    );
  }
  return tf.clone(dy);
}

/**
 * Tensors that several inputs' gradients need, made when the first asks.
 *
 * TensorFlow.js asks for each input's gradient in a `tidy` of its own, which would dispose what the others need: so they
 * are handed to the scope around, which belongs to the whole backward pass.
 */
export function shared(make: () => tf.Tensor[]): () => tf.Tensor[] {
  const around = tf.engine().state.activeScope;
  let made: tf.Tensor[] | undefined;
  return () => {
    if (made === undefined) {
      made = make();
      const inner = tf.engine().state.activeScope;
      if (around !== undefined && around !== null && inner !== around) {
        inner.track = inner.track.filter((tensor) => made?.includes(tensor) !== true);
        for (const tensor of made) {
          // Otherwise nobody takes the tensor over where the backward pass ends and hands it out.
          tensor.scopeId = around.id;
          around.track.push(tensor);
        }
      }
    }
    return made;
  };
}
