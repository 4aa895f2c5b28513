import { Conv2D, Dense, Flatten, Input, MaxPooling2D, Model } from "@featuremap/layers";
import { networks } from "../networks.mjs";

/** @import { LayerDescription, NetworkName } from "../networks.mjs" */

/** A network in our layers. @param {NetworkName} name */
export function buildModel(name) {
  const { input, layers } = networks[name];
  const inputs = Input({ shape: input });
  const outputs = layers.reduce((x, layer) => makeLayer(layer).apply(x), inputs);
  return new Model({ inputs, outputs, seed: 1 });
}

/** @param {LayerDescription} layer */
function makeLayer(layer) {
  switch (layer.kind) {
    case "convolution":
      return new Conv2D({ filters: layer.filters, kernelSize: 3, activation: "relu" });
    case "pooling":
      return new MaxPooling2D({ poolSize: 2 });
    case "flatten":
      return new Flatten();
    default:
      return new Dense({ units: layer.units, activation: layer.activation });
  }
}
