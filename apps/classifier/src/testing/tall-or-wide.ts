import { type SaveBundleOptions, saveBundle } from "@featuremap/formats";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import { type Preprocessing, plainPreprocessing } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";

/** What the model calls them: digits, so that the page gives it pictures as it gives them to a reader of digits. */
export const TALL = "1";
export const WIDE = "0";

const SIDE = 28;
const CENTRE = 14;

/**
 * Saves a model that is right by construction: it tells pictures whose ink spreads up and down from those whose ink
 * spreads to the sides.
 */
export async function saveTallOrWide(
  folder: string,
  {
    labels = [TALL, WIDE],
    metrics = {},
    orientation = "exif",
  }: Partial<Pick<SaveBundleOptions, "labels" | "metrics">> & Pick<Preprocessing, "orientation"> = {},
): Promise<void> {
  const model = new Sequential(
    [new Flatten({ inputShape: [SIDE, SIDE, 1] }), new Dense({ units: 2, activation: "softmax" })],
    { name: "tall_or_wide", seed: 1 },
  );
  const kernel = Float32Array.from({ length: SIDE * SIDE * 2 }, (_, index) => {
    const pixel = Math.floor(index / 2);
    const tallness = Math.abs(Math.floor(pixel / SIDE) - CENTRE) - Math.abs((pixel % SIDE) - CENTRE);
    return index % 2 === 0 ? tallness / 100 : -tallness / 100;
  });
  model
    .getLayer("dense")
    .setWeights([new HostArray(kernel, [SIDE * SIDE, 2]), new HostArray(new Float32Array(2), [2])]);
  await saveBundle(model, folder, {
    preprocessing: { ...plainPreprocessing([SIDE, SIDE], "grayscale", 1 / 255), orientation },
    labels,
    metrics,
  });
  model.dispose();
}
