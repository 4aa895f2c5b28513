import type { LayerConfig } from "./layer-config.ts";
import type { Layer } from "./layer.ts";
import { MultiInputLayer } from "./multi-input-layer.ts";
import type { Weight } from "./weights/weight.ts";

/** A layer that is made of others, whose weights are its own. */
export abstract class CompositeLayer<Config extends LayerConfig = LayerConfig> extends MultiInputLayer<Config> {
  abstract override get innerLayers(): readonly Layer[];

  override get trainable(): boolean {
    return super.trainable;
  }

  /** Freezes or frees every layer inside. */
  override set trainable(value: boolean) {
    super.trainable = value;
    for (const layer of this.innerLayers) layer.trainable = value;
  }

  override get weights(): readonly Weight[] {
    return [...new Set(this.innerLayers.flatMap((layer) => layer.weights))];
  }

  override get trainableWeights(): readonly Weight[] {
    return this.trainable ? [...new Set(this.innerLayers.flatMap((layer) => layer.trainableWeights))] : [];
  }

  /** Whether its layers, and those of models within, are this package's. */
  protected get containsOnlyOwn(): boolean {
    return this.innerLayers.every((layer) => layer.isOwn);
  }

  override dispose(): void {
    for (const layer of this.innerLayers) layer.dispose();
  }
}
