import shared from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

export default defineConfig({ ...shared, entry: ["src/index.ts", "src/read-picture.ts"] });
