import type { ConfigReader } from "../../config/config-reader.ts";
import type { KernelConfig } from "../kernel-config.ts";
import type { LayerConfig } from "../layer-config.ts";
import { readActivation, readConstraint, readInitializer, readRegularizer } from "./part-readers.ts";

/** What every layer's config holds. */
export function readLayerConfig(reader: ConfigReader): LayerConfig {
  return { ...reader.base(), activityRegularizer: readRegularizer(reader, "activity_regularizer") };
}

/** What layers with kernel and bias share. */
export function readKernelConfig(reader: ConfigReader): KernelConfig {
  reader.only("lora_rank", null);
  reader.only("lora_alpha", null);
  reader.only("quantization_config", null);
  return {
    ...reader.base(),
    activation: readActivation(reader),
    useBias: reader.boolean("use_bias"),
    kernelInitializer: readInitializer(reader, "kernel_initializer"),
    biasInitializer: readInitializer(reader, "bias_initializer"),
    kernelRegularizer: readRegularizer(reader, "kernel_regularizer"),
    biasRegularizer: readRegularizer(reader, "bias_regularizer"),
    activityRegularizer: readRegularizer(reader, "activity_regularizer"),
    kernelConstraint: readConstraint(reader, "kernel_constraint"),
    biasConstraint: readConstraint(reader, "bias_constraint"),
  };
}
