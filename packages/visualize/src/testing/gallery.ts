import * as visualize from "../index.ts";
import type { HealthReference } from "../index.ts";

const classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const odd = ["<b>&\"'</b>", "قطة صغيرة", "כלב 12", "😀 family", "A".repeat(200), "line one\nline two"];
const epochs = Array.from({ length: 20 }, (_, index) => index);

const history = {
  loss: epochs.map((epoch) => 1.8 * Math.exp(-epoch / 6) + 0.1),
  accuracy: epochs.map((epoch) => 0.9 - 0.6 * Math.exp(-epoch / 5)),
  top_k_categorical_accuracy_under_a_long_name: epochs.map((epoch) => 1e-7 * epoch),
  val_loss: epochs.map((epoch) => (epoch === 4 ? Number.NaN : 1.7 * Math.exp(-epoch / 5) + 0.3)),
  val_accuracy: epochs.map((epoch) => 0.78 - 0.5 * Math.exp(-epoch / 4)),
};

const pictures = classes.map((_, index) => ({
  data: Uint8Array.from({ length: 24 * 16 * 3 }, (_unused, at) => (at * (index + 3)) % 256),
  width: index % 2 === 0 ? 24 : 16,
  height: index % 2 === 0 ? 16 : 24,
}));

function confused(names: readonly string[]): readonly (readonly number[])[] {
  return names.map((_, row) =>
    names.map((_unused, column) => (row === column ? 8000 : ((row * 7 + column * 13) % 9) * ((row + column) % 2) * 40)),
  );
}

const picture = (index: number): HealthReference => ({
  index,
  path: `photos/${classes[index % 10]}/a rather long name of a file ${index}.jpg`,
  label: classes[index % 10] ?? null,
  split: index % 3 === 0 ? "train" : "test",
});

const health: visualize.HealthFindings = {
  size: 60_000,
  counts: { train: Object.fromEntries(classes.map((name) => [name, 5000])), test: { cat: 1000, "": 3 } },
  exactDuplicates: [[0, 1, 2, 3, 4, 5].map(picture)],
  nearDuplicates: [[0, 1, 2, 3, 4, 5].map(picture), [6, 7].map(picture)],
  leaks: [],
  conflicts: [],
  blurred: epochs.map((index) => ({ ...picture(index), value: 0.0123456 })),
  dark: [],
  bright: [],
  lowInformation: [],
  oddSizes: [],
  oddAspectRatios: [],
  grey: [],
  unreadable: [{ ...picture(8), reason: "JPEG: the file ends within a segment, after 1234 of 56789 bytes" }],
  labelSuspects: [{ ...picture(9), suggested: 3, margin: -0.9 } as HealthReference],
};

/** A drawing of each kind, with data that are hard to fit. */
export function gallery(width: number, theme: visualize.Theme = "auto"): Readonly<Record<string, string>> {
  const options = { width, theme, title: "A title, which is longer than a narrow drawing is wide" };
  const confidences = Array.from({ length: 500 }, (_, index) => 1 - (index / 500) ** 2 * 0.9);
  const correct = confidences.map((confidence, index) => ((index * 37) % 100) / 100 < confidence);
  const many = Array.from({ length: 120 }, (_, index) => `class ${index}`);
  const rates = Array.from({ length: 60 }, (_, index) => 1e-6 * 10 ** (index / 9));
  const losses = rates.map((rate) => (rate > 0.5 ? 9 : 2 / (1 + rate * 100)));
  return {
    curves: visualize.plotCurves({ epoch: epochs, history }, options),
    "logarithmic curves": visualize.plotCurves({ history }, { ...options, logarithmic: true }),
    "one epoch": visualize.plotCurves({ history: { loss: [123_456.789] } }, options),
    "learning rates": visualize.plotLearningRates(
      { learningRates: rates, losses, smoothedLosses: losses, suggestion: rates[0] },
      options,
    ),
    trials: visualize.plotTrials(
      rates.map((learningRate, index) => ({
        values: { learningRate, model: odd[index % 6] ?? "", epochs: index % 3 },
        score: 1 / (1 + Math.abs(Math.log10(learningRate) + 2)),
      })),
      options,
    ),
    "confusion matrix": visualize.plotConfusionMatrix(confused(classes), { ...options, classNames: classes }),
    "odd names": visualize.plotConfusionMatrix(confused(odd), { ...options, classNames: odd }),
    "many classes": visualize.plotConfusionMatrix(confused(many), { ...options, classNames: many }),
    bars: visualize.plotBars(Object.fromEntries(odd.map((name, index) => [name, index * 1e5])), options),
    "many bars": visualize.plotBars(Object.fromEntries(many.map((name, index) => [name, index])), options),
    histogram: visualize.plotHistogram(confidences, { ...options, name: "confidence" }),
    calibration: visualize.plotCalibration(confidences, correct, options),
    pictures: visualize.plotImageGrid(pictures, {
      ...options,
      titles: classes.map((name, index) => `${odd[index] ?? name}\n98.2 %`),
      wrong: classes.map((_, index) => index % 2 === 1),
    }),
    health: visualize.plotHealth(health, new Map(pictures.map((pixels, index) => [index, pixels])), {
      ...options,
      classNames: classes,
    }),
  };
}
