import { type Constraint, type ConstraintName, resolveConstraint } from "../../parts/constraints.ts";
import type { Initializer } from "../../parts/initializers/initializer.ts";
import { type InitializerName, resolveInitializer } from "../../parts/initializers/resolve-initializer.ts";
import { serializePart } from "../../config/keras-object.ts";
import { type Regularizer, type RegularizerName, resolveRegularizer } from "../../parts/regularizers.ts";

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

/** What may be given for one weight. */
interface Choices {
  readonly initializer: InitializerName | Initializer | undefined;
  readonly regularizer: RegularizerName | Regularizer | null | undefined;
  readonly constraint: ConstraintName | Constraint | null | undefined;
}

/**
 * @param name of the weight, as options begin with it
 * @param usual the initializer where none is given
 * @throws {InvalidConfigError} there is no such part.
 */
export function resolveWeightParts(owner: string, name: string, choices: Choices, usual: InitializerName): WeightParts {
  return {
    initializer: resolveInitializer(owner, `${name}Initializer`, choices.initializer, usual),
    regularizer: resolveRegularizer(owner, `${name}Regularizer`, choices.regularizer),
    constraint: resolveConstraint(owner, `${name}Constraint`, choices.constraint),
  };
}

/** Keras's keys for the parts of one weight. */
export function weightPartsEntries(name: string, parts: WeightParts): Record<string, unknown> {
  return {
    [`${name}_initializer`]: serializePart(parts.initializer),
    [`${name}_regularizer`]: serializePart(parts.regularizer),
    [`${name}_constraint`]: serializePart(parts.constraint),
  };
}
