import shared, { longTypes } from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

/** Each kernel's contract has an entry of its own, for backends. */
export default defineConfig({ ...shared, entry: ["src/index.ts", "src/contract/*.ts"], banner: longTypes });
