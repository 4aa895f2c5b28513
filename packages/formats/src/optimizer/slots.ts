import { type JsonObject, isObject } from "../reading/json.ts";

/** What an optimizer keeps for each weight it moves. */
export interface Slot {
  readonly kind: SlotKind;
  /** What Keras 2.11 to 2.15 call it. */
  readonly keras2: string;
  /** What TensorFlow.js calls it, and Keras before 2.11. */
  readonly former: string;
}

type SlotKind =
  | "average"
  | "gradientSum"
  | "momentum"
  | "velocity"
  | "velocityHat"
  | "averageGradient"
  | "accumulator"
  | "accumulatedGradient"
  | "accumulatedDelta"
  | "norm";

/** Lists of slots, each list a weight after the other, and of a weight one slot after the other. */
export type SlotLists = readonly (readonly Slot[])[];

const momentum: Slot = { kind: "momentum", keras2: "m", former: "m" };
const velocity: Slot = { kind: "velocity", keras2: "v", former: "v" };
const accumulator: Slot = { kind: "accumulator", keras2: "accumulator", former: "accumulator" };
const movingMean: Slot = { kind: "velocity", keras2: "velocity", former: "rms" };
const moved: Slot = { kind: "momentum", keras2: "momentum", former: "momentum" };
const averageGradient: Slot = { kind: "averageGradient", keras2: "average_gradient", former: "mg" };
const velocityHat: Slot = { kind: "velocityHat", keras2: "vhat", former: "vhat" };
const norm: Slot = { kind: "norm", keras2: "u", former: "v" };
const deltas: readonly Slot[] = [
  { kind: "accumulatedGradient", keras2: "accumulated_grad", former: "accum_grad" },
  { kind: "accumulatedDelta", keras2: "accumulated_delta_var", former: "accum_var" },
];

/**
 * What an optimizer keeps for the weights beside the count and the rate, in Keras 3's order.
 *
 * Source: `build` of the optimizers of Keras 3.15; the names are those of tf-keras 2.15 and of its `optimizers.legacy`.
 *
 * @param optimizer from a `compile_config` of Keras 3
 * @returns undefined for an optimizer that is not known
 */
export function slotLists(optimizer: unknown): SlotLists | undefined {
  const { class_name: className, config } = isObject(optimizer) ? optimizer : {};
  if (typeof className !== "string" || !isObject(config)) return undefined;
  const own = ownLists(className, config);
  if (own === undefined) return undefined;
  const average: Slot = { kind: "average", keras2: "average", former: "average" };
  const sum: Slot = { kind: "gradientSum", keras2: "gradient_accumulator", former: "gradient_accumulator" };
  return [
    ...(config["use_ema"] === true ? [[average]] : []),
    ...((config["gradient_accumulation_steps"] ?? null) === null ? [] : [[sum]]),
    ...own,
  ];
}

function ownLists(className: string, config: JsonObject): SlotLists | undefined {
  const isMoved = typeof config["momentum"] === "number" && config["momentum"] > 0;
  switch (className) {
    case "SGD":
      return isMoved ? [[{ ...momentum, former: "momentum" }]] : [];
    case "RMSprop":
      return [[movingMean], ...(isMoved ? [[moved]] : []), ...(config["centered"] === true ? [[averageGradient]] : [])];
    case "Adam":
    case "AdamW":
      return [[momentum, velocity], ...(config["amsgrad"] === true ? [[velocityHat]] : [])];
    case "Nadam":
      return [[momentum, velocity]];
    case "Adagrad":
      return [[accumulator]];
    case "Adadelta":
      return [deltas];
    case "Adamax":
      return [[momentum, norm]];
    case "Lion":
      return [[momentum]];
    default:
      return undefined;
  }
}
