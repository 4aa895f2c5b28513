import type { Constraint, ConstraintName } from "../../parts/constraints.ts";
import type { Initializer } from "../../parts/initializers/initializer.ts";
import type { InitializerName } from "../../parts/initializers/resolve-initializer.ts";
import type { Regularizer, RegularizerName } from "../../parts/regularizers.ts";

/** How the values of one weight begin, what their size costs, and where each update takes them back to. */
export interface WeightParts {
  readonly initializer: Initializer;
  readonly regularizer: Regularizer | null;
  readonly constraint: Constraint | null;
}

/** The options for one weight; `depthwise` has `depthwiseInitializer`, `depthwiseRegularizer`, `depthwiseConstraint`. */
export type WeightPartsConfig<Name extends string> = {
  readonly [Key in `${Name}Initializer`]?: InitializerName | Initializer | undefined;
} & { readonly [Key in `${Name}Regularizer`]?: RegularizerName | Regularizer | null | undefined } & {
  readonly [Key in `${Name}Constraint`]?: ConstraintName | Constraint | null | undefined;
};
