import { activationOf, isOwnActivation } from "../../parts/activations.ts";
import { ownMark } from "../layer-config.ts";
import { type Regularizer, isOwnRegularizer } from "../../parts/regularizers.ts";

/** A layer, as far as it is looked at here. */
interface LayerParts {
  readonly activityRegularizer: Regularizer | null;
}

/** What is known of classes that have been asked about. */
const known = new WeakMap<object, boolean>();

/**
 * Whether only this package's code sees the values that pass through a layer, so that nobody holds on to one.
 *
 * A class of the user's own, a function as activation or a method put in place of the layer's may.
 */
export function isOwnLayer(layer: LayerParts): boolean {
  const { activityRegularizer } = layer;
  const activation = activationOf(layer);
  return (
    isOwnClass(layer.constructor) &&
    !(Object.hasOwn(layer, "call") || Object.hasOwn(layer, "callAll")) &&
    (activation === undefined || isOwnActivation(activation)) &&
    (activityRegularizer === null || isOwnRegularizer(activityRegularizer))
  );
}

function isOwnClass(layerClass: object): boolean {
  const found = known.get(layerClass) ?? (isMarked(layerClass) && !ancestorsOf(layerClass).some(isMarked));
  known.set(layerClass, found);
  return found;
}

/** Options of a class that derives from one of this package's may be made of that one's, mark and all. */
function isMarked(layerClass: object): boolean {
  const options: unknown = Object.getOwnPropertyDescriptor(layerClass, "options")?.value;
  return typeof options === "object" && options !== null && ownMark in options;
}

function ancestorsOf(layerClass: object): object[] {
  const parent = Object.getPrototypeOf(layerClass) as object | null;
  return parent === null ? [] : [parent, ...ancestorsOf(parent)];
}
