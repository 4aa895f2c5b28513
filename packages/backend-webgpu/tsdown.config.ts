import shared, { longTypes } from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

export default defineConfig({ ...shared, banner: longTypes });
