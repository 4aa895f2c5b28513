import type { Model } from "@featuremap/layers";
import type { Settled } from "@featuremap/tensor";
import { toSource } from "../data/to-source.ts";
import type { TrainingSource } from "../data/training-batch.ts";
import type { EpochChoice, EpochWork } from "../loop/fit-epochs.ts";
import type { EndSignal } from "../loop/read-ahead.ts";
import { type PlanConfig, planOutputs } from "../step/output-plan.ts";
import { fitData } from "../trainer/fit-data.ts";
import { endsOf } from "../trainer/fit-model.ts";
import type { fitOptions } from "../trainer/trainer-options.ts";
import { type Keeping, type KeptData, keptData } from "./kept-data.ts";
import type { SplitModel } from "./split-model.ts";

/** What is trained while the base is frozen. */
export interface FrozenTraining {
  readonly model: Model;
  readonly split: SplitModel;
  /** The epoch before which the base is frozen. */
  readonly frozenUntil: number;
  /** What features are made of, as `fit` takes them. */
  readonly pictures: unknown;
  /** Losses and metrics. */
  readonly plan: PlanConfig;
  /** Those of `fit`. */
  readonly options: Settled<typeof fitOptions>;
  readonly keeping: Keeping;
}

/** Lets epochs with a frozen base train the head, on features that are computed when the first of them begins. */
export class FrozenFeatures {
  readonly #owner: string;
  readonly #training: FrozenTraining;
  #kept: KeptData | undefined;
  #work: EpochWork | undefined;
  #isAsked = false;

  /** @param owner for errors */
  constructor(owner: string, training: FrozenTraining) {
    this.#owner = owner;
    this.#training = training;
  }

  /** @param source what these epochs would train on: features come in its order */
  choice(source: TrainingSource): EpochChoice {
    return async (epoch, ending) => {
      if (epoch >= this.#training.frozenUntil) {
        await this.close();
        return undefined;
      }
      if (!this.#isAsked) this.#work = await this.#compute(source, ending);
      this.#isAsked = true;
      return this.#work;
    };
  }

  /** Gives back what the features take. */
  async close(): Promise<void> {
    await this.#kept?.close();
    this.#kept = undefined;
    this.#work = undefined;
  }

  async #compute({ order }: TrainingSource, signal: EndSignal): Promise<EpochWork | undefined> {
    const { model, split, pictures, plan, options, keeping, frozenUntil } = this.#training;
    const { extractor, head } = split;
    const { batchSize, shuffle, validationBatchSize, validation, validationData } = options;
    const given = validation ?? validationData;
    const owner = this.#owner;
    const use = { owner, ends: endsOf(model, planOutputs(model, plan)) };
    this.#kept = await keptData(
      owner,
      {
        training: await toSource(pictures, use),
        validation: given === undefined ? undefined : await toSource(given, use),
        extractor,
        seed: order?.seed,
        signal,
      },
      // No epoch would take a copy beyond.
      { ...keeping, copies: Math.min(keeping.copies, frozenUntil), batchSize, shuffle, validationBatchSize },
    );
    if (this.#kept === undefined) return undefined;
    const outputs = planOutputs(head, plan);
    // What was kept is in batches already.
    const isCut = {
      batchSize: undefined,
      shuffle: undefined,
      validationBatchSize: undefined,
      validationData: undefined,
    };
    const kept = { ...options, ...isCut, validation: this.#kept.validation };
    const fitted = await fitData(this.#kept.training, kept, endsOf(head, outputs), undefined);
    return { model: head, outputs, source: fitted.training, validation: fitted.validation };
  }
}
