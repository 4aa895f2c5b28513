import type { ConfigReader } from "../../config/config-reader.ts";
import type { LayerConfig } from "../layer-config.ts";
import { readRegularizer } from "./part-readers.ts";

/** What every layer's config holds. */
export function readLayerConfig(reader: ConfigReader): LayerConfig {
  return { ...reader.base(), activityRegularizer: readRegularizer(reader, "activity_regularizer") };
}
