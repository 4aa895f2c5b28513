import type { ConfigReader } from "../../config/config-reader.ts";
import type { LayerConfig } from "../layer-config.ts";
import { regularizers } from "../../parts/regularizers.ts";
import { readPart } from "./part-readers.ts";

/** What every layer's config holds. */
export function readLayerConfig(reader: ConfigReader): LayerConfig {
  return { ...reader.base(), activityRegularizer: readPart(reader, "activity_regularizer", regularizers) };
}
