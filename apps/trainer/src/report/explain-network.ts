import { featureMaps, filtersOf, gradCam, layersOf } from "@featuremap/explain";
import type { Pixels, Preprocessing } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { InvalidConfigError, ShapeError } from "@featuremap/tensor";
import { heatmapOver } from "@featuremap/visualize";
import { enlarge } from "../drawing/enlarge.ts";
import { type LayerPictures, drawFilters, drawMaps, drawn } from "../drawing/layer-pictures.ts";
import { spread } from "../drawing/spread.ts";
import { inputsOf } from "../pictures/model-inputs.ts";
import type { Explained, PartName, Shown, ShownPicture } from "./report-data.ts";

/** A picture with its pixels in the network's size. */
export interface SeenPicture extends ShownPicture {
  readonly seen: Pixels;
}

/** What the network's first convolution looks for. */
export async function showFilters(model: Model): Promise<Shown<LayerPictures>> {
  return ofConvolutions(model, "filters", async () => {
    return { value: drawn(drawFilters(await filtersOf(model))) };
  });
}

/** What three of the convolutions make of a picture: the first, the last, and one between. */
export async function showFeatureMaps(
  model: Model,
  preprocessing: Preprocessing,
  picture: SeenPicture,
): Promise<Shown<{ readonly picture: ShownPicture; readonly layers: readonly LayerPictures[] }>> {
  return ofConvolutions(model, "feature maps", async () => {
    const all = await featureMaps(model, inputsOf(model, [picture.seen], preprocessing));
    const images = all.filter(({ maps }) => maps.rank === 4);
    const layers = spread(images).map((each) => drawn(drawMaps(each)));
    if (layers.length === 0) return { absent: "No layer of the network outputs images, so there are no feature maps." };
    return { value: { picture, layers } };
  });
}

/** Where the network looked: for the class that it named, and, of a mistake, for the right one too. */
export async function showGradCam(
  model: Model,
  preprocessing: Preprocessing,
  part: PartName,
  pictures: readonly SeenPicture[],
): Promise<Shown<{ readonly layer: string; readonly part: PartName; readonly pictures: readonly Explained[] }>> {
  return ofConvolutions(model, "maps of where it looked", async () => {
    const asked = pictures.map(({ label, predicted = label }) => [...new Set([predicted, label])]);
    const classIndices = asked.flat();
    const inputs = inputsOf(
      model,
      pictures.flatMap(({ seen }, index) => (asked[index] ?? []).map(() => seen)),
      preprocessing,
    );
    const { layer, heatmaps } = await gradCam(model, inputs, { classIndex: classIndices, batchSize: 8 });
    let at = 0;
    const explained = pictures.map(({ seen, ...picture }, index): Explained => {
      const shown = enlarge(seen);
      const maps = (asked[index] ?? []).map((classIndex) => ({
        classIndex,
        pixels: heatmapOver(shown, heatmaps.entry(at++), { range: [0, 1] }),
      }));
      return { ...picture, maps };
    });
    return { value: { layer, part, pictures: explained } };
  });
}

/** What is made of a network with convolutions; of one without it is said that there are none. */
async function ofConvolutions<Value>(
  model: Model,
  what: string,
  make: () => Promise<Shown<Value>>,
): Promise<Shown<Value>> {
  if (!layersOf(model).some(({ isConvolution }) => isConvolution))
    return { absent: `The network has no convolution, so there are no ${what}.` };
  try {
    return await make();
  } catch (error) {
    // Networks of other kinds, such as those of rows, are told by those who look into them.
    if (!(error instanceof InvalidConfigError || error instanceof ShapeError)) throw error;
    return { absent: `There are no ${what} of this network. ${error.message}` };
  }
}
