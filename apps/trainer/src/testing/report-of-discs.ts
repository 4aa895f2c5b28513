import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";
import { SGD, Trainer } from "@featuremap/training";
import { collectReport } from "../report/collect-report.ts";
import type { ReportData } from "../report/report-data.ts";
import { discFiles } from "./report-data.ts";

/** The report of a small network that was trained on pictures of discs. A device must be open. */
export async function reportOfDiscs(
  classNames: readonly string[],
  {
    trained = 24,
    tested = 60,
    epochs = 1,
  }: { readonly trained?: number; readonly tested?: number; readonly epochs?: number } = {},
): Promise<ReportData> {
  const model = new Sequential(
    [
      new Conv2D({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [12, 12, 3] }),
      new GlobalAveragePooling2D(),
      new Dense({ units: classNames.length, activation: "softmax" }),
    ],
    { name: "net", seed: 1 },
  );
  const trainer = new Trainer(model, {
    optimizer: new SGD({ learningRate: 0.05 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  try {
    const train = discFiles(classNames, trained);
    const test = discFiles(classNames, tested, { seed: 2 });
    const how = { imageSize: [12, 12], scale: 1 / 255, workers: 0 } as const;
    const source = train.batch(8, { ...how, seed: 1 });
    const { history } = await trainer.fit(source, { epochs, validation: test.batch(8, how) });
    const firstBatches = [];
    for await (const batch of source.batches(0)) firstBatches.push(batch);
    return await collectReport({
      name: "discs-1",
      model,
      classNames,
      preprocessing: plainPreprocessing([12, 12], "rgb", 1 / 255),
      data: { train, test },
      history: { history },
      firstBatches,
      seed: 1,
      workers: 0,
    });
  } finally {
    trainer.dispose();
    model.dispose();
  }
}
