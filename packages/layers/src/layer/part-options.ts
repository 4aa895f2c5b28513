import { Option } from "@featuremap/tensor";
import type { ConfigReader } from "../config/config-reader.ts";
import { serializePart } from "../config/keras-object.ts";
import {
  type Activation,
  type ActivationChoice,
  resolveShapeKeeping,
  serializeActivation,
} from "../parts/activations.ts";
import { type Constraint, type ConstraintName, resolveConstraint } from "../parts/constraints.ts";
import type { Initializer } from "../parts/initializers/initializer.ts";
import { type InitializerName, resolveInitializer } from "../parts/initializers/resolve-initializer.ts";
import { type Regularizer, type RegularizerName, resolveRegularizer } from "../parts/regularizers.ts";
import { readActivation, readConstraint, readInitializer, readRegularizer } from "./reading/part-readers.ts";

/** The first values of a weight, by name or as an object. */
export function initializerOption(
  usual: InitializerName,
): Option<InitializerName | Initializer | undefined, Initializer> {
  return new Option<InitializerName | Initializer, Initializer>({
    check: resolveInitializer,
    read: (saved: ConfigReader, key) => readInitializer(saved, key),
    write: serializePart,
    refusesNull: true,
  }).default(usual);
}

/** The penalty on a weight or an output, by name or as an object; none by default. */
export function regularizerOption(): Option<RegularizerName | Regularizer | null | undefined, Regularizer | null> {
  return new Option<RegularizerName | Regularizer | null | undefined, Regularizer | null>({
    check: resolveRegularizer,
    read: (saved: ConfigReader, key) => readRegularizer(saved, key),
    write: serializePart,
  });
}

/** The limits of a weight, by name or as an object; none by default. */
export function constraintOption(): Option<ConstraintName | Constraint | null | undefined, Constraint | null> {
  return new Option<ConstraintName | Constraint | null | undefined, Constraint | null>({
    check: resolveConstraint,
    read: (saved: ConfigReader, key) => readConstraint(saved, key),
    write: serializePart,
  });
}

/** The function of a layer's output, by name or as a function that keeps the shape; linear by default. */
export function activationOption(): Option<ActivationChoice, Activation> {
  return new Option<ActivationChoice, Activation>({
    check: (owner, _name, given: ActivationChoice) => resolveShapeKeeping(owner, given),
    read: (saved: ConfigReader, key) => readActivation(saved, key),
    write: serializeActivation,
  });
}
