import type { Sequential } from "@featuremap/layers";
import { Trainer } from "../trainer/trainer.ts";
import type { TrainerConfig } from "../trainer/trainer-options.ts";
import { sectorModel } from "./tiny-problem.ts";

export const config: TrainerConfig = {
  optimizer: "adam",
  loss: "sparseCategoricalCrossentropy",
  metrics: ["accuracy"],
};

/** Runs with a trainer and a model of its own, both disposed afterwards. */
export async function withTrainer<Result>(
  use: (trainer: Trainer, model: Sequential) => Promise<Result>,
  overrides: Partial<TrainerConfig> = {},
  model: Sequential = sectorModel(),
): Promise<Result> {
  const trainer = new Trainer(model, { ...config, ...overrides });
  try {
    return await use(trainer, model);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}
