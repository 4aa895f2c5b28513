import { RandomStream, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { LayerConfig } from "./layer-config.ts";
import { type CallContext, Layer } from "./layer.ts";
import { onlyOne } from "./only-one.ts";

/**
 * A layer of several inputs or outputs.
 *
 * A subclass says `inferShapes` and `callAll`; the methods for one input follow from them.
 */
export abstract class MultiInputLayer<Config extends LayerConfig = LayerConfig> extends Layer<Config> {
  abstract override inferShapes(inputs: readonly Shape[]): readonly Shape[];

  abstract override callAll(inputs: readonly tf.Tensor[], context: CallContext): readonly tf.Tensor[];

  override buildAll(inputs: readonly Shape[], random: RandomStream = new RandomStream()): void {
    this.inferShapes(inputs);
    this.buildOnce(inputs, random, () => {});
  }

  override build(input: Shape, random?: RandomStream): void {
    this.buildAll([input], random);
  }

  override outputShape(input: Shape): Shape {
    return onlyOne(this.name, "output", this.inferShapes([input]));
  }

  override call(input: tf.Tensor, context: CallContext = { training: false }): tf.Tensor {
    return onlyOne(this.name, "output", this.callAll([input], context));
  }
}
