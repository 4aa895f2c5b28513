import {
  Conv2D,
  Dense,
  Flatten,
  Input,
  type Layer,
  MaxPooling2D,
  Model,
  type SymbolicTensor,
} from "@featuremap/layers";
import { Adam, type Loss, type Optimizer, RMSprop, SparseCategoricalCrossentropy } from "@featuremap/training";
import descriptions from "./networks.json" with { type: "json" };

/** N1 classifies MNIST's digits (104,202 weights), N3 the colour images of CIFAR-10 (122,570 weights). */
export type NetworkName = keyof typeof descriptions;

/** All networks that have a name. */
export const networkNames: readonly NetworkName[] = ["n1", "n3"];

/**
 * A classifier as `networks.json` describes it, which those who compare other libraries with this one read too.
 *
 * Convolutions are 3x3 without padding, with ReLU; pooling takes the largest of 2x2.
 */
export interface Network {
  /** Height, width and channels of an image. */
  readonly input: readonly [height: number, width: number, channels: number];
  readonly classes: number;
  /** A new model, its first weights drawn from the seed. */
  buildModel(seed: number, modelName?: string): Model;
  /** With Keras's defaults. */
  createOptimizer(): Optimizer;
  createLoss(): Loss;
}

type Description = (typeof descriptions)[NetworkName];
type LayerDescription = Description["layers"][number];

/** The network of that name. */
export function findNetwork(name: NetworkName): Network {
  const { input, layers, optimizer, logits } = descriptions[name];
  const [height = 0, width = 0, channels = 0] = input;
  const classes = layers.at(-1)?.units ?? 0;
  return {
    input: [height, width, channels],
    classes,
    buildModel(seed, modelName = name) {
      const inputs = Input({ shape: [height, width, channels] });
      const outputs = layers.reduce<SymbolicTensor>((x, layer) => makeLayer(layer).apply(x), inputs);
      return new Model({ inputs, outputs, name: modelName, seed });
    },
    createOptimizer: () => (optimizer === "adam" ? new Adam() : new RMSprop()),
    createLoss: () => new SparseCategoricalCrossentropy({ fromLogits: logits }),
  };
}

function makeLayer({ kind, filters = 0, units = 0, activation }: LayerDescription): Layer {
  switch (kind) {
    case "convolution":
      return new Conv2D({ filters, kernelSize: 3, activation: "relu" });
    case "pooling":
      return new MaxPooling2D({ poolSize: 2 });
    case "flatten":
      return new Flatten();
    default:
      return new Dense({
        units,
        activation: activation === "softmax" || activation === "relu" ? activation : "linear",
      });
  }
}
