import { type HostArray, InvalidConfigError, NotReadyError, type Settled } from "@featuremap/tensor";
import { type Tensor, type Variable, tidy } from "@tensorflow/tfjs-core";
import { classNameOf } from "../config/class-name.ts";
import { Configured } from "../config/configured.ts";
import type { LearningRateSchedule } from "../schedules/learning-rate-schedule.ts";
import { clipGradients } from "./parts/clip-gradients.ts";
import { accumulate } from "./parts/accumulate.ts";
import { type InPlaceRule, updateInPlace } from "@featuremap/operations";
import { type OptimizerConfig, checkClipping, optimizerOptions } from "./optimizer-config.ts";
import { type AveragedWeight, MovingMeans } from "./parts/moving-means.ts";
import { type OptimizerState, assignSlot, checkSlots, makeSlots, readSlot } from "./optimizer-state.ts";
import { byRate, checkRateFactors } from "./parts/rate-factors.ts";
import { type DecayExclusion, decay, decays } from "./parts/weight-decay.ts";

/** One weight in an {@link UpdateStep}. */
export interface WeightUpdate<Slot extends string> {
  readonly variable: Variable;
  readonly gradient: Tensor;
  /** What the optimizer remembers of this weight's past gradients; {@link Optimizer.slotStart} before the first step. */
  readonly slots: Readonly<Record<Slot, Variable>>;
}

/** One update of all weights: what an optimizer works on. */
export interface UpdateStep<Slot extends string> {
  readonly weights: readonly WeightUpdate<Slot>[];
  readonly learningRate: number;
  /** Number of this step, counted from 1. */
  readonly step: number;
}

/** A weight and what shall move it. */
export interface GradientPair {
  readonly variable: Variable;
  /** Of the same shape. */
  readonly gradient: Tensor;
  /** The weight's path in its model, `conv2d/kernel`, by which it can be left out of the weight decay. */
  readonly name?: string;
}

/** Slots that any optimizer may have beside its own. */
type CommonSlot = "gradientSum" | "average";

interface Step<Slot extends string> extends WeightUpdate<Slot | CommonSlot> {
  readonly name: string | undefined;
}

/**
 * Turns gradients into new weights.
 *
 * An update takes all weights at once, so that a device may do it in one pass. Slots belong to the optimizer and live
 * until {@link dispose}; each weight keeps its own through calls with other lists of weights.
 * A step: gradients are averaged over `gradientAccumulationSteps`, then clipped; weights decay, then move.
 * Source: Keras 3 `Optimizer`.
 */
export abstract class Optimizer<Slot extends string = string> extends Configured {
  static override readonly className: string = "Optimizer";
  static override readonly constants: Readonly<Record<string, unknown>> = { loss_scale_factor: null };
  /** Names of the tensors kept for each weight. */
  protected abstract readonly slotNames: readonly Slot[];
  readonly name: string;
  readonly #config: Settled<typeof optimizerOptions>;
  readonly #slots = new Map<Variable, Readonly<Record<Slot | CommonSlot, Variable>>>();
  #excluded: DecayExclusion = {};
  #rateFactors: ReadonlyMap<string, number> = new Map();
  #learningRate: number | LearningRateSchedule;
  #batches = 0;
  readonly #means: MovingMeans;

  /** @throws {InvalidConfigError} an option is unknown or outside its range, or there is more than one kind of clipping. */
  constructor(config: OptimizerConfig) {
    super();
    this.#config = this.settle(config, optimizerOptions);
    checkClipping(classNameOf(this), this.#config);
    this.name = this.#config.name;
    this.#means = new MovingMeans(this.#config);
    this.#learningRate = this.#config.learningRate;
  }

  /** Keras's own keys and values, with the learning rate of now: what makes an equal one again, by `fromConfig`. */
  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), learning_rate: optimizerOptions.learningRate.kind.write(this.#learningRate) };
  }

  /** Length of the next step, 0 or more. May be changed between steps, unless a schedule decides. */
  get learningRate(): number {
    return typeof this.#learningRate === "number" ? this.#learningRate : this.#learningRate.at(this.#batches);
  }

  /** @throws {InvalidConfigError} the value is negative or not finite, or a schedule decides. */
  set learningRate(value: number | LearningRateSchedule) {
    if (this.schedule !== undefined && typeof value === "number") {
      const expected = "left to the schedule, or another schedule";
      throw new InvalidConfigError(classNameOf(this), "learningRate", expected, value);
    }
    this.#learningRate = optimizerOptions.learningRate.check(classNameOf(this), "learningRate", value);
  }

  /** What gives the learning rate, if anything does. */
  get schedule(): LearningRateSchedule | undefined {
    return typeof this.#learningRate === "number" ? undefined : this.#learningRate;
  }

  /** Share of itself, times the learning rate, that every weight loses before each step. */
  get weightDecay(): number {
    return this.#config.weightDecay ?? 0;
  }

  /** Whether it keeps moving means of the weights. */
  get useEma(): boolean {
    return this.#config.useEma;
  }

  /** Whether the variables hold their moving means, after {@link swapMovingMeans}. */
  get holdsMeans(): boolean {
    return this.#means.areHeld;
  }

  /** Steps taken so far: batches over `gradientAccumulationSteps`, rounded down. */
  get iterations(): number {
    return Math.floor(this.#batches / this.#accumulation);
  }

  get #accumulation(): number {
    return this.#config.gradientAccumulationSteps ?? 1;
  }

  /** Leaves weights out of the weight decay, instead of those left out before. */
  excludeFromWeightDecay(exclusion: DecayExclusion): void {
    this.#excluded = exclusion;
  }

  /**
   * Gives weights steps of another length than the others: so many times the learning rate, which their weight decay follows.
   * Instead of those given before.
   *
   * @param factors by the weight's path in its model, `conv2d/kernel`; 0 or more. Weights that are left out have 1
   * @throws {InvalidConfigError} they are not numbers of 0 or more by path.
   */
  scaleLearningRates(factors: ReadonlyMap<string, number>): void {
    this.#rateFactors = checkRateFactors(classNameOf(this), factors);
  }

  /**
   * Takes one step: assigns every variable its new value.
   *
   * @param pairs each variable with its gradient; both stay the caller's
   * @throws {NotReadyError} the variables hold their moving means.
   */
  apply(pairs: readonly GradientPair[]): void {
    if (this.holdsMeans) {
      const what = "the weights hold their moving means, from which nothing is trained";
      throw new NotReadyError(classNameOf(this), what, "Call swapMovingMeans again first.");
    }
    const slots = pairs.map((pair) => this.#slotsOf(pair.variable));
    tidy(() => {
      const gradients = this.#toStepWith(pairs, slots);
      if (gradients !== undefined) {
        const clipped = clipGradients(gradients, this.#config);
        this.#move(
          pairs.map(({ variable: each, name, gradient }, index) => ({
            variable: each,
            name,
            gradient: clipped[index] ?? gradient,
            slots: this.#slotsOf(each),
          })),
        );
      }
      if (this.useEma) this.#means.follow(this.#averaged(pairs.map((pair) => pair.variable)), this.iterations);
    });
    this.#batches += 1;
  }

  /** With `useEma`, gives variables their moving means, as at the end of training; else does nothing. */
  finalizeVariableValues(variables: Iterable<Variable>): void {
    if (this.useEma) this.#means.finalize(this.#averaged(variables));
  }

  /**
   * With `useEma`, exchanges variables and their moving means, to the bit: once to look at the means, and once more before
   * the next step. A variable that no step has moved stays as it is.
   *
   * @throws {InvalidConfigError} there are no moving means.
   */
  swapMovingMeans(variables: Iterable<Variable>): void {
    if (!this.useEma) throw new InvalidConfigError(classNameOf(this), "useEma", "true, for means to swap", false);
    this.#means.swap(this.#averaged(variables));
  }

  /** Everything that another optimizer with the same options needs to go on. @param variables by the names to use */
  async readState(variables: ReadonlyMap<string, Variable>): Promise<OptimizerState> {
    const slots = new Map<string, HostArray>();
    for (const [name, each] of variables) {
      for (const [slot, kept] of Object.entries<Variable>(this.#slots.get(each) ?? {})) {
        slots.set(`${name}/${slot}`, await readSlot(kept));
      }
    }
    const rate = this.#learningRate;
    return {
      batches: this.#batches,
      slots,
      ...(typeof rate === "number" ? { learningRate: rate } : {}),
      ...(this.holdsMeans ? { holdsMeans: true } : {}),
    };
  }

  /**
   * Goes on from a state of {@link readState}.
   *
   * @throws {ShapeError} a slot does not fit its variable.
   * @throws {InvalidConfigError} the state has not this optimizer's slots, or slots of other variables.
   */
  restoreState(variables: ReadonlyMap<string, Variable>, state: OptimizerState): void {
    const { batches, slots, learningRate, holdsMeans = false } = state;
    const saved = [...slots.keys()];
    checkSlots(classNameOf(this), this.#slotsInUse, variables, slots);
    for (const [name, each] of variables) {
      // What no gradient has reached had no slots, and needs none.
      if (!this.#slots.has(each) && !saved.some((slot) => slot.startsWith(`${name}/`))) continue;
      for (const [slot, kept] of Object.entries<Variable>(this.#slotsOf(each))) {
        assignSlot(kept, slots.get(`${name}/${slot}`), this.slotStart(slot as Slot));
      }
    }
    this.#batches = batches;
    this.#means.areHeld = holdsMeans;
    if (learningRate !== undefined && this.schedule === undefined) this.learningRate = learningRate;
  }

  /** Its own slots and those that options ask for. */
  get #slotsInUse(): readonly (Slot | CommonSlot)[] {
    const common: CommonSlot[] = [];
    if (this.#accumulation > 1) common.push("gradientSum");
    if (this.useEma) common.push("average");
    return [...this.slotNames, ...common];
  }

  /** Frees the slots and counts from 0 again. */
  dispose(): void {
    for (const slots of this.#slots.values()) for (const kept of Object.values<Variable>(slots)) kept.dispose();
    this.#slots.clear();
    this.#batches = 0;
    this.#means.areHeld = false;
  }

  /** Assigns new values to the variables and slots. Runs inside `tidy`. */
  protected abstract update(step: UpdateStep<Slot>): void;

  /** The same step as a formula, for a device that takes it in one pass over all weights; undefined if there is none. */
  protected inPlaceRule(_step: UpdateStep<Slot>): InPlaceRule | undefined {
    return undefined;
  }

  /** What fills a slot before the first step. */
  protected slotStart(_name: Slot): number {
    return 0;
  }

  /** The gradients to step with; undefined while more are to come. */
  #toStepWith(
    pairs: readonly GradientPair[],
    slots: readonly Readonly<Record<CommonSlot, Variable>>[],
  ): readonly Tensor[] | undefined {
    const gradients = pairs.map(({ gradient }) => gradient);
    const batches = this.#accumulation;
    if (batches === 1) return gradients;
    const sums = slots.map(({ gradientSum }) => gradientSum);
    return accumulate(gradients, sums, { batches, isComplete: (this.#batches + 1) % batches === 0 });
  }

  #move(weights: readonly Step<Slot>[]): void {
    for (const [factor, group] of byRate(weights, this.#rateFactors)) {
      const rate = this.learningRate * factor;
      const share = rate * this.weightDecay;
      const decaying = share === 0 ? [] : group.filter((weight) => decays(weight, this.#excluded));
      const others = share === 0 ? group : group.filter((weight) => !decays(weight, this.#excluded));
      if (decaying.length > 0) this.#take(decaying, rate, share);
      if (others.length > 0) this.#take(others, rate, 0);
    }
  }

  #take(weights: readonly Step<Slot>[], learningRate: number, weightDecay: number): void {
    const step = { weights, learningRate, step: this.iterations + 1 };
    const rule = this.inPlaceRule(step);
    const inPlace = weights.map((each) => ({ ...each, slots: this.slotNames.map((name) => each.slots[name]) }));
    if (rule && updateInPlace({ ...rule, weightDecay }, inPlace)) return;
    if (weightDecay > 0) decay(weights, weightDecay);
    this.update(step);
  }

  /** The variables that a step has moved, with their moving means. */
  #averaged(variables: Iterable<Variable>): AveragedWeight[] {
    return [...variables].flatMap((each) => {
      const slots = this.#slots.get(each);
      return slots ? [{ variable: each, average: slots.average }] : [];
    });
  }

  #slotsOf(weight: Variable): Readonly<Record<Slot | CommonSlot, Variable>> {
    const known = this.#slots.get(weight);
    if (known) return known;
    const own: readonly string[] = this.slotNames;
    const start = (name: string): number => (own.includes(name) ? this.slotStart(name as Slot) : 0);
    const slots = makeSlots(this.#slotsInUse, weight, start);
    this.#slots.set(weight, slots);
    return slots;
  }
}
