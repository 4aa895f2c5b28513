export { openDevice } from "@featuremap/devices";
export * from "./index.ts";
