/** A layer as Keras writes it: its class and config. */
type SavedLayer = readonly [className: string, config?: Readonly<Record<string, unknown>>];

/** A model that ends in some way. */
interface ModelEnd {
  readonly end: string;
  /** Behind a convolution of 3x3 that makes 4 feature maps of 6x6; the one with the last kernel is called "last". */
  readonly layers: readonly SavedLayer[];
  /** What becomes of its end when other classes are wanted. */
  readonly becomes: "replaced" | "kept" | "refused";
  /** Whether that might be wrong, so that a word is said about it. */
  readonly isDoubtful?: boolean;
}

const mean: SavedLayer = ["GlobalAveragePooling2D"];
const softmax: SavedLayer = ["Softmax"];

function dense(units: number, activation = "linear"): SavedLayer {
  return ["Dense", { units, activation, name: "last" }];
}

function convolution(size: number, activation = "linear"): SavedLayer {
  return ["Conv2D", { filters: 3, kernel_size: [size, size], activation, name: "last" }];
}

const mobileNet: readonly SavedLayer[] = [
  ["GlobalAveragePooling2D", { keepdims: true }],
  ["Dropout", { rate: 0.1 }],
  convolution(1),
  ["Reshape", { target_shape: [3] }],
];

/** Ends of classifiers and bases, and what fine-tuning makes of each. */
export const modelEnds: readonly ModelEnd[] = [
  ...[
    { end: "Dense with softmax", layers: [mean, dense(3, "softmax")] },
    { end: "Dense with sigmoid", layers: [mean, dense(1, "sigmoid")] },
    { end: "Dense, Activation", layers: [mean, dense(3), ["Activation", { activation: "softmax" }] as const] },
    { end: "Dense, Softmax", layers: [mean, dense(3), softmax] },
    { end: "Dense, Softmax over the batch", layers: [mean, dense(3), ["Softmax", { axis: 0 }] as const] },
    { end: "Dense, logarithm of softmax", layers: [mean, dense(3, "log_softmax")] },
    { end: "Dense, a temperature, Softmax", layers: [mean, dense(3), ["Rescaling", { scale: 0.1 }] as const, softmax] },
    { end: "Dense, BatchNormalization, Softmax", layers: [mean, dense(3), ["BatchNormalization"] as const, softmax] },
    { end: "Dense with softmax, Dropout", layers: [mean, dense(3, "softmax"), ["Dropout", { rate: 0.5 }] as const] },
    { end: "Dense with softmax, percent", layers: [mean, dense(3, "softmax"), ["Rescaling", { scale: 100 }] as const] },
    { end: "Dense, reshaped", layers: [mean, dense(3, "softmax"), ["Reshape", { target_shape: [3, 1] }] as const] },
    { end: "Conv2D over all with softmax", layers: [convolution(6, "softmax")] },
    { end: "Conv2D over all with softmax, Flatten", layers: [convolution(6, "softmax"), ["Flatten"] as const] },
    { end: "Conv2D over all, Softmax over 1", layers: [convolution(6), ["Softmax", { axis: 1 }] as const] },
    { end: "Conv2D with softmax at each place", layers: [convolution(1, "softmax")] },
    { end: "Conv2D with sigmoid at each place", layers: [convolution(1, "sigmoid")] },
    { end: "Conv2D with softmax, mean", layers: [convolution(1, "softmax"), mean] },
    { end: "Conv2D, mean, Softmax", layers: [convolution(1), mean, softmax] },
    { end: "Conv2D with ReLU, mean, Softmax", layers: [convolution(3, "relu"), mean, softmax] },
    { end: "MobileNet's", layers: [...mobileNet, ["Activation", { activation: "softmax" }] as const] },
  ].map((each) => ({ ...each, becomes: "replaced" as const })),
  ...[
    { end: "Dense", layers: [mean, dense(3)] },
    { end: "Dense of one unit", layers: [mean, dense(1)] },
    { end: "Dense, a factor", layers: [mean, dense(3), ["Rescaling", { scale: 2 }] as const] },
    { end: "Conv2D over all", layers: [convolution(6)] },
    { end: "MobileNet's without activation", layers: mobileNet },
  ].map((each) => ({ ...each, becomes: "replaced" as const, isDoubtful: true })),
  ...[
    { end: "maps", layers: [["MaxPooling2D", { name: "last" }] as const] },
    { end: "means", layers: [["GlobalAveragePooling2D", { name: "last" }] as const] },
    { end: "Conv2D with ReLU, mean", layers: [convolution(3, "relu"), mean] },
    {
      end: "Conv2D, BatchNormalization, ReLU",
      layers: [convolution(3), ["BatchNormalization"] as const, ["ReLU"] as const],
    },
  ].map((each) => ({ ...each, becomes: "kept" as const })),
  ...[
    { end: "Dense with ReLU", layers: [mean, dense(3, "relu")] },
    { end: "Dense with tanh", layers: [mean, dense(3, "tanh")] },
    { end: "Dense, ReLU", layers: [mean, dense(3), ["ReLU"] as const] },
    { end: "Dense, BatchNormalization", layers: [mean, dense(3), ["BatchNormalization"] as const] },
    { end: "Dense, UnitNormalization", layers: [mean, dense(3), ["UnitNormalization"] as const] },
    { end: "Conv2D", layers: [convolution(3)] },
    { end: "Conv2D, mean", layers: [convolution(3), mean] },
    {
      end: "Conv2D with sigmoid, AveragePooling2D",
      layers: [convolution(3, "sigmoid"), ["AveragePooling2D", { pool_size: 2 }] as const],
    },
  ].map((each) => ({ ...each, becomes: "kept" as const, isDoubtful: true })),
  { end: "Softmax on the only convolution", layers: [mean, softmax], becomes: "refused" },
];

/** The whole model of pictures of 8x8 in grey, as Keras writes it. */
export function documentOf(layers: readonly SavedLayer[]): Record<string, unknown> {
  const seeing: SavedLayer = ["Conv2D", { filters: 4, kernel_size: [3, 3], activation: "relu", name: "seeing" }];
  const all: readonly SavedLayer[] = [["InputLayer", { batch_shape: [null, 8, 8, 1] }], seeing, ...layers];
  const written = all.map(([class_name, config = {}]) => ({ class_name, config }));
  return { class_name: "Sequential", config: { name: "whole", layers: written } };
}
