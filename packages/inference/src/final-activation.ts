import { Activation, Conv2D, Dense, Dropout, Flatten, Model, type SymbolicTensor } from "@featuremap/layers";

/**
 * Name of the function that made a model's outputs, in Keras's spelling: `softmax`, `sigmoid`, `linear`.
 *
 * Looks into nested models, and past layers that pass values on; `linear` where the last layer has no such function.
 */
export function finalActivation(model: Model): string {
  let tensor: SymbolicTensor | undefined = model.output;
  while (tensor !== undefined) {
    const { layer }: SymbolicTensor = tensor;
    if (layer instanceof Dense || layer instanceof Activation || layer instanceof Conv2D) return layer.activation.name;
    if (layer instanceof Model) tensor = layer.outputs[tensor.tensorIndex];
    else tensor = layer instanceof Flatten || layer instanceof Dropout ? tensor.node.inputs[0] : undefined;
  }
  return "linear";
}
