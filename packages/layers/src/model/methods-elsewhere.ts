import { InvalidConfigError } from "@featuremap/tensor";

const makeTrainer = "const trainer = new Trainer(model, { optimizer, loss, metrics })";
const training = "of @featuremap/training";
const formats = "of @featuremap/formats";

/** What to write in place of the methods of Keras's and TensorFlow.js's models that other packages have here. */
export const methodsElsewhere: Readonly<Record<string, string>> = {
  compile: `${makeTrainer} ${training}`,
  fit: `${makeTrainer} ${training}, then await trainer.fit(x, y, { epochs })`,
  fitDataset: `${makeTrainer} ${training}, then await trainer.fit(data, { epochs })`,
  evaluate: `${makeTrainer} ${training}, then await trainer.evaluate(x, y)`,
  evaluateDataset: `${makeTrainer} ${training}, then await trainer.evaluate(data)`,
  trainOnBatch: `${makeTrainer} ${training}, then await trainer.trainOnBatch(x, y)`,
  testOnBatch: `${makeTrainer} ${training}, then await trainer.testOnBatch(x, y)`,
  predictOnBatch: "model.predict(x), which takes one batch",
  save: `await saveBundle(model, folder, { preprocessing, labels }) ${formats}`,
  saveWeights: `await saveBundle(model, folder, { preprocessing, labels }) ${formats}, which saves the model with its weights`,
  loadWeights: `const { model } = await loadBundle(folder) ${formats}, which loads the model with its weights; await loadWeights(model, file) loads weights alone`,
};

/** @throws {InvalidConfigError} options came along: a batch is predicted at once, and who cuts data into batches is a trainer. */
export function refuseOptions(owner: string, method: string, [option]: readonly unknown[]): void {
  if (option === undefined) return;
  const expected = `left out; trainer.${method}(x, { batchSize }) of @featuremap/training takes options`;
  throw new InvalidConfigError(owner, `second argument of ${method}`, expected, option);
}
