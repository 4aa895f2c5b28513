import { type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { LayerConfig } from "../../layer/layer-config.ts";
import { cropEnds } from "@featuremap/operations";
import { type Margin, MarginLayer } from "./margins.ts";

/** Takes elements away at the ends of the spatial axes. */
export abstract class Cropping<Config extends LayerConfig> extends MarginLayer<Config> {
  protected override outputLength(length: number, [start, end]: Margin, input: Shape): number {
    if (start + end < length) return length - start - end;
    throw new ShapeError(this.name, "input", `longer than the ${start + end} elements cropped`, formatShape(input));
  }

  override call(input: tf.Tensor): tf.Tensor {
    return cropEnds(input, this.allMargins());
  }
}
