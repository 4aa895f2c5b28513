export { default } from "@featuremap/tsconfig/tsdown";
