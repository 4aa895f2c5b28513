import { type Pixels, digitOfImage, readsDigits } from "@featuremap/images";
import type { Classifier } from "@featuremap/inference";
import type { OpenPicture } from "./open-picture.ts";

/**
 * The pixels of a picture as a classifier takes them. A model that reads digits is given those of image files as MNIST has them,
 * as in the page.
 *
 * @param isOfDataset pictures of a data set are what the model was trained on
 * @throws {FormatError} the file is damaged.
 */
export async function pixelsFor(
  classifier: Classifier,
  opened: OpenPicture,
  { isOfDataset }: { readonly isOfDataset: boolean },
): Promise<Pixels> {
  const isDrawing = readsDigits(classifier) && !isOfDataset;
  // Ink shows against what is transparent.
  const { orientation, channels } = classifier.preprocessing;
  const pixels = await opened.decode(isDrawing || channels === "rgba" ? "rgba" : "rgb", orientation);
  return isDrawing ? digitOfImage(pixels) : pixels;
}
