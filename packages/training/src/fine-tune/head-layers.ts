import { Activation, Conv2D, Dense, type Layer, type LayerNode, SeparableConv2D, Softmax } from "@featuremap/layers";

/** What makes answers of scores. */
export interface Answers {
  /** Softmax and its logarithm tell classes from each other; sigmoid says yes or no to each. */
  readonly kind: "softmax" | "sigmoid";
  /** Whether that is once for a picture, and not at each place of a map. */
  readonly isVector: boolean;
}

const kinds: Readonly<Record<Answers["kind"], ReadonlySet<string>>> = {
  softmax: new Set(["softmax", "logsoftmax", "sparsemax"]),
  sigmoid: new Set(["sigmoid", "hardsigmoid", "sparsesigmoid", "logsigmoid"]),
};

/** What this use of a layer makes answers with: an activation, or an operation of Keras. */
export function answersOf(node: LayerNode): Answers | undefined {
  const { layer } = node;
  const name = activationOf(layer).replaceAll("_", "").toLowerCase();
  const isVector = isOnePlace(node, layer);
  if (kinds.softmax.has(name)) return { kind: "softmax", isVector };
  return kinds.sigmoid.has(name) ? { kind: "sigmoid", isVector } : undefined;
}

function activationOf(layer: Layer): string {
  if (layer instanceof Softmax) return "softmax";
  const hasOwn = [Activation, Dense, Conv2D, SeparableConv2D].some((kind) => layer instanceof kind);
  if (!hasOwn || !("activation" in layer)) return layer.className;
  const { activation } = layer as Activation;
  return activation.own === undefined ? activation.name : "";
}

/** Whether what this use of a layer gives has one place, and no map of several. */
export function isOnePlace({ outputs }: LayerNode, layer: Layer): boolean {
  const shape = outputs[0]?.shape ?? [];
  const isFirst = "dataFormat" in layer && layer.dataFormat === "channelsFirst";
  const places = isFirst ? shape.slice(2) : shape.slice(1, -1);
  return places.every((length) => length === 1);
}
