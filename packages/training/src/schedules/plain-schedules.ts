import type { KnownClasses } from "../config/object-option.ts";
import { CosineDecay } from "./cosine-decay.ts";
import { CosineDecayRestarts } from "./cosine-decay-restarts.ts";
import { ExponentialDecay } from "./exponential-decay.ts";
import { InverseTimeDecay } from "./inverse-time-decay.ts";
import type { LearningRateSchedule } from "./learning-rate-schedule.ts";
import { OneCycle } from "./one-cycle.ts";
import { PiecewiseConstantDecay } from "./piecewise-constant-decay.ts";
import { PolynomialDecay } from "./polynomial-decay.ts";

/** The schedules that hold no other one. */
export const plainSchedules: Required<KnownClasses<LearningRateSchedule>> = {
  module: "keras.optimizers.schedules",
  keras: [
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
  ],
  others: [OneCycle],
};
