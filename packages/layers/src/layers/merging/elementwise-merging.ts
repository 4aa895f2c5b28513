import type { Options, Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { ElementwiseMergingLayer } from "./elementwise-merging-layer.ts";

/** The sum of all inputs. Source: Keras `Add`. */
export class Add extends ElementwiseMergingLayer {
  static override readonly className: string = "Add";
  static override readonly options: Options<LayerConfig> = commonOptions;

  protected override join(inputs: readonly tf.Tensor[]): tf.Tensor {
    return inputs.reduce((sum, input) => tf.add(sum, input));
  }
}

/** The first of two inputs less the second. Source: Keras `Subtract`. */
export class Subtract extends ElementwiseMergingLayer {
  static override readonly className: string = "Subtract";
  static override readonly options: Options<LayerConfig> = commonOptions;

  protected override mergedShape(inputs: readonly Shape[]): Shape {
    this.requireCount(inputs, 2);
    return super.mergedShape(inputs);
  }

  protected override join(inputs: readonly tf.Tensor[]): tf.Tensor {
    return inputs.reduce((first, second) => tf.sub(first, second));
  }
}

/** The product of all inputs. Source: Keras `Multiply`. */
export class Multiply extends ElementwiseMergingLayer {
  static override readonly className: string = "Multiply";
  static override readonly options: Options<LayerConfig> = commonOptions;

  protected override join(inputs: readonly tf.Tensor[]): tf.Tensor {
    return inputs.reduce((product, input) => tf.mul(product, input));
  }
}

/** The mean of all inputs. Source: Keras `Average`. */
export class Average extends ElementwiseMergingLayer {
  static override readonly className: string = "Average";
  static override readonly options: Options<LayerConfig> = commonOptions;

  protected override join(inputs: readonly tf.Tensor[]): tf.Tensor {
    return tf.div(
      inputs.reduce((sum, input) => tf.add(sum, input)),
      inputs.length,
    );
  }
}

/** The largest of all inputs; of equal ones the first takes the gradient. Source: Keras `Maximum`. */
export class Maximum extends ElementwiseMergingLayer {
  static override readonly className: string = "Maximum";
  static override readonly options: Options<LayerConfig> = commonOptions;

  protected override join(inputs: readonly tf.Tensor[]): tf.Tensor {
    return inputs.reduce((largest, input) => tf.maximum(largest, input));
  }
}

/** The smallest of all inputs; of equal ones the first takes the gradient. Source: Keras `Minimum`. */
export class Minimum extends ElementwiseMergingLayer {
  static override readonly className: string = "Minimum";
  static override readonly options: Options<LayerConfig> = commonOptions;

  protected override join(inputs: readonly tf.Tensor[]): tf.Tensor {
    return inputs.reduce((smallest, input) => tf.minimum(smallest, input));
  }
}
