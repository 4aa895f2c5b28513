import { isOperation as isKerasOperation } from "../../keras2/is-operation.ts";
import type { LayerUse, LayerWriter } from "./layer-use.ts";
import { activatings } from "./layers/activating.ts";
import { convolutions } from "./layers/convolutions.ts";
import { denseLayers } from "./layers/dense.ts";
import { imageLayers } from "./layers/images.ts";
import { mergings } from "./layers/merging.ts";
import { normalizations } from "./layers/normalization.ts";
import { operations } from "./layers/operations.ts";
import { poolings } from "./layers/pooling.ts";
import { reshapings } from "./layers/reshaping.ts";

/** What does nothing in a prediction. */
const idle: LayerWriter = (use) => ({ ...use.input, shape: use.shape });

const idleNames = [
  "Identity",
  "Dropout",
  "SpatialDropout1D",
  "SpatialDropout2D",
  "SpatialDropout3D",
  "AlphaDropout",
  "GaussianDropout",
  "GaussianNoise",
  "ActivityRegularization",
  "StochasticDepth",
  "Solarization",
  "Equalization",
  "RandomBrightness",
  "RandomColorDegeneration",
  "RandomColorJitter",
  "RandomContrast",
  "RandomCrop",
  "RandomElasticTransform",
  "RandomErasing",
  "RandomFlip",
  "RandomGaussianBlur",
  "RandomGrayscale",
  "RandomHue",
  "RandomInvert",
  "RandomPerspective",
  "RandomPosterization",
  "RandomRotation",
  "RandomSaturation",
  "RandomSharpness",
  "RandomShear",
  "RandomTranslation",
  "RandomZoom",
  "AugMix",
  "CutMix",
  "MixUp",
  "RandAugment",
];

const layers: ReadonlyMap<string, LayerWriter> = new Map(
  Object.entries({
    ...Object.fromEntries(idleNames.map((name) => [name, idle])),
    ...convolutions,
    ...denseLayers,
    ...normalizations,
    ...poolings,
    ...mergings,
    ...reshapings,
    ...imageLayers,
    ...activatings,
  }),
);

const byOperation: ReadonlyMap<string, LayerWriter> = new Map(Object.entries(operations));

/** How a layer or an operation of `keras.ops` is written. @throws {Unsayable} ONNX has no words for it, or it is the user's own. */
export function writerOf(use: LayerUse): LayerWriter {
  const { layer } = use;
  const object = layer.serialize();
  const { class_name: className } = object;
  const isOperation = isKerasOperation(object);
  const write = (isOperation ? byOperation : layers).get(className);
  if (write !== undefined && (isOperation || layer.isOwn)) return write;
  return use.refuse(
    layer.isOwn
      ? `${isOperation ? "operation" : "layer"} ${className}`
      : `${className}, a class or function of your own`,
  );
}
