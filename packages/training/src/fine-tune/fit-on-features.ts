import { InvalidConfigError, Option, type Settled, checkOptions, settleOptions } from "@featuremap/tensor";
import { anything, callOption } from "../config/call-option.ts";
import type { LabelledData } from "../data/to-source.ts";
import type { History } from "../run/history.ts";
import { planOutputs } from "../step/output-plan.ts";
import { trainAlone } from "../step/sole-training.ts";
import { fitModel } from "../trainer/fit-model.ts";
import { Trainer } from "../trainer/trainer.ts";
import type { fitOptions } from "../trainer/trainer-options.ts";
import { FrozenFeatures } from "./frozen-features.ts";
import { type FrozenOptions, frozenOptions } from "./frozen-options.ts";
import { splitModel } from "./split-model.ts";

/** How {@link fitOnFeatures} goes about it; beside these it takes what `fit` does. */
export interface FitOnFeaturesOptions extends FrozenOptions {
  /** The epoch before which the base is frozen. */
  readonly frozenUntil: number;
  /**
   * What features are computed of: the same pictures in their own order, such as without augmentation. Batches of the data then
   * come in the order of their seed. Default: the data.
   */
  readonly pictures?: LabelledData;
}

const owner = "fitOnFeatures";

const options = {
  ...frozenOptions,
  frozenUntil: Option.integer(0),
  pictures: callOption(anything<LabelledData>(), undefined),
};

/**
 * `trainer.fit`, of which the first epochs cost the head alone: while the base is frozen its features are computed once and kept,
 * also those of the validation data.
 *
 * It is for callbacks to freeze the base (`trainable = false`) while those epochs last. Everything else is as with `fit`, whose
 * callbacks see one training of the whole model: a `BackupAndRestore` goes on in any epoch. The base does as in prediction then:
 * without dropout, and without the augmenting layers that it may have.
 *
 * @throws {InvalidConfigError} an option is invalid, or the model has no base and head.
 * @throws as `Trainer.fit`.
 */
export async function fitOnFeatures(
  trainer: Trainer,
  data: LabelledData,
  given: FitOnFeaturesOptions,
): Promise<History> {
  if (!(trainer instanceof Trainer)) throw new InvalidConfigError(owner, "trainer", "a Trainer", trainer);
  checkOptions(owner, given, options);
  const { frozenUntil, base, pictures = data, ...settings } = settleOptions(owner, given, options);
  const { cacheBytes, cacheFolder, onNote, onFeatures, ...fitting } = settings;
  const { model, optimizer, config: plan } = trainer;
  const call: Settled<typeof fitOptions> = { ...fitting, validationSplit: undefined, sampleWeight: undefined };
  const features = new FrozenFeatures(owner, {
    model,
    split: splitModel(owner, model, base),
    frozenUntil,
    pictures,
    plan,
    options: call,
    keeping: { cacheBytes, cacheFolder, copies: 1, onNote, onFeatures },
  });
  try {
    return await trainAlone(owner, trainer, () => {
      const outputs = planOutputs(model, plan);
      return fitModel({ model, optimizer, outputs, data, options: call, instead: (source) => features.choice(source) });
    });
  } finally {
    await features.close();
  }
}
