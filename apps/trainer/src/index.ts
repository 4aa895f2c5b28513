export { type CommandConfig, type FeaturemapConfig, defineConfig } from "./config/define-config.ts";
