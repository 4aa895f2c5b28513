import type { NodeReader } from "./node-use.ts";
import { activations } from "./operators/activations.ts";
import { arithmetic } from "./operators/arithmetic.ts";
import { convolutions } from "./operators/convolutions.ts";
import { denseOperators } from "./operators/dense.ts";
import { comparisons } from "./operators/comparisons.ts";
import { einsums } from "./operators/einsum.ts";
import { globalPoolings } from "./operators/global-pooling.ts";
import { imageOperators } from "./operators/images.ts";
import { normalizations } from "./operators/normalization.ts";
import { paddings } from "./operators/padding.ts";
import { parts } from "./operators/parts.ts";
import { poolings } from "./operators/pooling.ts";
import { quantizations } from "./operators/quantization.ts";
import { reducing } from "./operators/reductions.ts";
import { resizings } from "./operators/resizing.ts";
import { shapes } from "./operators/shapes.ts";
import { sorting } from "./operators/sparsemax.ts";

/** Operators on tensors that are computed, by name. */
export const operators: ReadonlyMap<string, NodeReader> = new Map(
  Object.entries({
    ...convolutions,
    ...poolings,
    ...einsums,
    ...globalPoolings,
    ...paddings,
    ...denseOperators,
    ...normalizations,
    ...activations,
    ...arithmetic,
    ...shapes,
    ...sorting,
    ...parts,
    ...comparisons,
    ...imageOperators,
    ...quantizations,
    ...reducing,
    ...resizings,
  }),
);
