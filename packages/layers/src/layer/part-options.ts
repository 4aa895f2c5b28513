import { Option } from "@featuremap/tensor";
import type { ConfigReader } from "../config/config-reader.ts";
import { serializePart } from "../config/keras-object.ts";
import {
  type Activation,
  type ActivationChoice,
  resolveShapeKeeping,
  serializeActivation,
} from "../parts/activations.ts";
import { type Constraint, type ConstraintName, constraints } from "../parts/constraints.ts";
import type { Initializer } from "../parts/initializers/initializer.ts";
import { type InitializerName, initializers } from "../parts/initializers/resolve-initializer.ts";
import { type Part, type PartKind, resolvePart } from "../parts/part.ts";
import { type Regularizer, type RegularizerName, regularizers } from "../parts/regularizers.ts";
import { readActivation, readPart } from "./reading/part-readers.ts";

/** A part by name or as an object. */
function partOption<Name extends string, Kind extends Part>(kind: PartKind<Kind>): Option<Name | Kind, Kind> {
  return new Option<Name | Kind, Kind>({
    check: (owner, name, given) => resolvePart(owner, name, given, kind),
    read: (saved: ConfigReader, key) => readPart(saved, key, kind) ?? undefined,
    write: serializePart,
  });
}

/** The first values of a weight, by name or as an object. */
export function initializerOption(
  usual: InitializerName,
): Option<InitializerName | Initializer | undefined, Initializer> {
  return partOption<InitializerName, Initializer>(initializers).notNull().default(usual);
}

/** The penalty on a weight or an output, by name or as an object; none by default. */
export function regularizerOption(): Option<RegularizerName | Regularizer | null | undefined, Regularizer | null> {
  return partOption<RegularizerName, Regularizer>(regularizers).orNull();
}

/** The limits of a weight, by name or as an object; none by default. */
export function constraintOption(): Option<ConstraintName | Constraint | null | undefined, Constraint | null> {
  return partOption<ConstraintName, Constraint>(constraints).orNull();
}

/** The function of a layer's output, by name or as a function that keeps the shape; linear by default. */
export function activationOption(): Option<ActivationChoice, Activation> {
  return new Option<ActivationChoice, Activation>({
    check: (owner, _name, given: ActivationChoice) => resolveShapeKeeping(owner, given),
    read: (saved: ConfigReader, key) => readActivation(saved, key),
    write: serializeActivation,
  });
}
