export { default } from "@featuremap/testing/vitest";
