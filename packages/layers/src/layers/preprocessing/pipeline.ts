import { InvalidConfigError, Option, type Options, RandomStream, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { settleNames } from "../../layer/layer-names.ts";
import { CompositeLayer } from "../../layer/composite-layer.ts";
import { type CallContext, Layer } from "../../layer/layer.ts";
import { countElements } from "../../config/element-counts.ts";
import { type PassShapes, callsOf, emptyPass, joinPasses, passWithin } from "../../layer/pass-shapes.ts";
import { collectActivityLosses } from "../../layer/activity-losses.ts";
import { BatchMixingLayer } from "./mixtures/batch-mixing-layer.ts";
import { requireShapes } from "../../config/options.ts";

export interface PipelineConfig extends Pick<LayerConfig, "name" | "inputShape" | "batchInputShape"> {
  /** Layers, each of which takes the output of the one before. */
  readonly layers: readonly Layer[];
}

const declared = {
  layers: new Option<readonly Layer[], readonly Layer[]>({
    check: (owner, name, layers: unknown) => {
      const isLayers = Array.isArray(layers) && layers.every((layer) => layer instanceof Layer);
      if (isLayers && new Set(layers).size === layers.length) return [...layers];
      throw new InvalidConfigError(owner, name, "a list of different layers", layers);
    },
    // Stay JSON: the reader of a document makes the layers, and counts them.
    read: (saved, key) => saved.take(key),
    write: (layers) => layers.map((layer) => layer.serialize()),
  }),
};

const { name, inputShape, batchInputShape } = commonOptions;

/**
 * Several layers, one after another, as one layer: preprocessing put together once.
 *
 * It takes images, or images and labels in a list, `applyAll([images, labels], { training: true })`; layers that mix images
 * change the labels, and the others leave them as they are.
 * Shape: that of the last layer's output. Source: Keras `Pipeline`.
 *
 * @throws {InvalidConfigError} `layers` holds something other than layers, or a layer or a name twice.
 */
export class Pipeline extends CompositeLayer<PipelineConfig> {
  static override readonly className: string = "Pipeline";
  static override readonly options: Options<PipelineConfig> = { ...declared, name, inputShape, batchInputShape };
  readonly layers: readonly Layer[];

  constructor(config: PipelineConfig) {
    super(config);
    ({ layers: this.layers } = this.settle(declared));
    settleNames(this.layers, this.name);
  }

  override get innerLayers(): readonly Layer[] {
    return this.layers;
  }

  override buildAll(inputs: readonly Shape[], random: RandomStream = new RandomStream()): void {
    this.inferShapes(inputs);
    const [images = []] = inputs;
    this.buildOnce(images, random, () => {
      let shapes: readonly Shape[] = [images];
      for (const layer of this.layers) {
        layer.buildAll(shapes, random.fork(layer.name));
        shapes = layer.inferShapes(shapes);
      }
    });
  }

  override reseed(random: RandomStream): void {
    super.reseed(random);
    for (const layer of this.layers) layer.reseed(random.fork(layer.name));
  }

  override inferShapes(inputs: readonly Shape[]): readonly Shape[] {
    return this.measure(inputs).outputs;
  }

  override measure(inputs: readonly Shape[]): PassShapes {
    let pass = emptyPass(requireShapes(this.name, inputs));
    for (const layer of this.layers) {
      const [taken, passing] = shareOut(layer, pass.outputs);
      const joined = joinPasses(pass, layer.measure(taken), countElements(passing));
      pass = { ...joined, outputs: [...joined.outputs, ...passing] };
    }
    return passWithin(this.name, pass);
  }

  override get callCount(): number {
    return 1 + callsOf(this.layers);
  }

  override callAll(inputs: readonly tf.Tensor[], context: CallContext): readonly tf.Tensor[] {
    let values = inputs;
    for (const layer of this.layers) {
      const [taken, passing] = shareOut(layer, values);
      const outputs = layer.callAll(taken, context);
      if (context.losses !== undefined) collectActivityLosses(layer, outputs, context.losses);
      values = [...outputs, ...passing];
    }
    return values;
  }

  override getConfig(): Record<string, unknown> {
    const { layers, name: ownName } = super.getConfig();
    return { layers, name: ownName };
  }

  override get takesMask(): boolean {
    return true;
  }

  override usualTraining(): boolean {
    return true;
  }

  /** Images and labels as Keras's layer takes them. */
  override serializeArguments(tensors: readonly unknown[]): readonly unknown[] {
    const [images, labels] = tensors;
    return labels === undefined ? tensors : [{ images, labels }];
  }
}

/** Splits images and labels into those that the layer takes, and those that pass it by. */
function shareOut<Item>(layer: Layer, items: readonly Item[]): [taken: readonly Item[], passing: readonly Item[]] {
  const takesLabels = layer instanceof BatchMixingLayer || layer instanceof Pipeline;
  return takesLabels ? [items, []] : [items.slice(0, 1), items.slice(1)];
}
