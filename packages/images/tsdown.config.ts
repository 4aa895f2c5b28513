import shared from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

export default defineConfig({ ...shared, deps: { neverBundle: [/^node:/, /\/embedded\//] } });
