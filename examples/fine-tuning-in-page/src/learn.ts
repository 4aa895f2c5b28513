import { ImageDataset } from "@featuremap/datasets";
import { openDevice } from "@featuremap/devices";
import { loadBundle } from "@featuremap/formats";
import { DIGIT_SIZE, type Pixels, digitOfImage, randomAffine } from "@featuremap/images";
import { type Classifier, loadClassifier } from "@featuremap/inference";
import { HostArray } from "@featuremap/tensor";
import { fineTune } from "@featuremap/training";

/** A picture that a person has shown, and which sign it is. */
export interface Example {
  readonly pixels: Pixels;
  readonly sign: number;
}

const epochs = 30;

/**
 * Teaches a network that knows digits new signs, in this page: its layers that see strokes stay as they are, and a new
 * last layer learns from few examples.
 *
 * @returns what tells the signs apart; dispose of it when it is no longer needed
 */
export async function learn(examples: readonly Example[], signs: readonly string[]): Promise<Classifier> {
  const device = await openDevice();
  const base = await loadBundle("/model/model.json");
  const data = new ImageDataset({
    images: inputsOf(examples),
    labels: examples.map(({ sign }) => sign),
    classNames: signs,
    preprocessing: base.preprocessing,
  });
  // Every example is also shown turned, moved and larger or smaller: eight times, each time in another way.
  const varied = [
    randomAffine({ rotation: 0.03, translateX: 0.08, translateY: 0.08, zoom: 0.1, fillMode: "constant" }),
  ];
  try {
    const { model } = await fineTune(base.model, data.batch(16, { seed: 1, augment: varied }), {
      classes: signs.length,
      epochs,
      freezeEpochs: epochs,
      headLearningRate: 0.01,
      copies: 8,
    });
    return await loadClassifier({ ...base, model, labels: signs });
  } finally {
    await device.dispose();
  }
}

/** Each drawing as the network knows digits: light on dark, centred, 28 pixels wide. */
function inputsOf(examples: readonly Example[]): HostArray {
  const bytes = DIGIT_SIZE * DIGIT_SIZE;
  const images = new Uint8Array(examples.length * bytes);
  for (const [index, { pixels }] of examples.entries()) images.set(digitOfImage(pixels).data, index * bytes);
  return new HostArray(images, [examples.length, DIGIT_SIZE, DIGIT_SIZE, 1]);
}
