import { type Pixels, digitOfImage } from "@featuremap/images";
import { type Prediction, loadClassifier } from "@featuremap/inference";
import { expose } from "comlink";

const loading = loadClassifier("/model/model.json");
// `start` tells the page what is wrong; without this line the browser would complain of it as well.
loading.catch(() => {});

const reader = {
  /** Waits for the model. @returns what it runs on */
  async start(): Promise<string> {
    return (await loading).device.description;
  },

  /** @returns for each picture the most probable digits, the best first */
  async read(pictures: readonly Pixels[]): Promise<(readonly Prediction[])[]> {
    const classifier = await loading;
    const answers = await classifier.classifyBatch(pictures.map(digitOfImage), { topK: 3 });
    return answers.map(({ predictions }) => predictions);
  },
};

export type DigitReader = typeof reader;

expose(reader);
