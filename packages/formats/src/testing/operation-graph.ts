import { type Model, deserializeModel } from "@featuremap/layers";

/** A graph of one operation of `keras.ops` on images of 9 x 9 x 3. */
export function operationGraph(
  className: string,
  config: object,
  args: (tensor: unknown) => readonly unknown[],
): Model {
  const tensor = {
    class_name: "__keras_tensor__",
    config: { shape: [null, 9, 9, 3], dtype: "float32", keras_history: ["image", 0, 0] },
  };
  const input = { class_name: "InputLayer", config: { name: "image", batch_shape: [null, 9, 9, 3] } };
  const operation = { module: "keras.src.ops.numpy", class_name: className, config: { name: "it", ...config } };
  return deserializeModel({
    class_name: "Functional",
    config: {
      name: "graph",
      layers: [
        { ...input, name: "image", inbound_nodes: [] },
        { ...operation, name: "it", inbound_nodes: [{ args: args(tensor), kwargs: {} }] },
      ],
      input_layers: [["image", 0, 0]],
      output_layers: [["it", 0, 0]],
    },
  });
}
