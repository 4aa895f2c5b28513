import { featureMaps, filtersOf, gradCam } from "@featuremap/explain";
import { type Pixels, type Preprocessing, resizePixels } from "@featuremap/images";
import { Layer, Model } from "@featuremap/layers";
import { InvalidConfigError, ShapeError } from "@featuremap/tensor";
import { type Picture, channelPictures, filterPictures, heatmapOver, imageGrid } from "@featuremap/visualize";
import { inputsOf } from "./model-inputs.ts";
import type { Explained, LayerPictures, PartName, Shown, ShownPicture } from "./report-data.ts";

/** Filters, and channels of a layer, that are shown. */
const [mostFilters, mostChannels] = [64, 32];
/** Pixels of a filter's and of a map's longer side in the grid. */
const [filterSide, mapSide] = [48, 64];

/** A picture with its pixels in the network's size. */
export interface SeenPicture extends ShownPicture {
  readonly seen: Pixels;
}

/** What the network's first convolution looks for. */
export async function showFilters(model: Model): Promise<Shown<LayerPictures>> {
  return ofConvolutions(model, "filters", async () => {
    const { layer, filters } = await filtersOf(model);
    return { value: layerPictures(layer, filterPictures(filters), mostFilters, filterSide, "gray") };
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
    const places = new Set([0, Math.floor((images.length - 1) / 2), images.length - 1]);
    const layers = images
      .filter((_, index) => places.has(index))
      .map(({ layer, maps }) => layerPictures(layer, channelPictures(maps), mostChannels, mapSide, "viridis"));
    if (layers.length === 0) return { absent: "No layer of the network gives images, so there are no feature maps." };
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

/** Small pictures in whole multiples of their size, so that maps over them are smooth. */
function enlarge(pixels: Pixels): Pixels {
  const factor = Math.floor(160 / Math.max(pixels.width, pixels.height));
  if (factor <= 1) return pixels;
  return resizePixels(pixels, [pixels.height * factor, pixels.width * factor], { interpolation: "nearest" });
}

function layerPictures(
  layer: string,
  pictures: readonly Picture[],
  most: number,
  side: number,
  colorMap: "gray" | "viridis",
): LayerPictures {
  const shown = pictures.slice(0, most);
  const [first] = shown;
  const size = first !== undefined && "shape" in first ? [first.shape[0] ?? 1, first.shape[1] ?? 1] : [1, 1];
  const [height = 1, width = 1] = size;
  const pixels = imageGrid(shown, { range: "picture", colorMap, cellSize: side, columns: 8, gap: 2 });
  return { layer, pixels, shown: shown.length, all: pictures.length, size: [height, width] };
}

/** What is made of a network with convolutions; of one without it is said that there are none. */
async function ofConvolutions<Value>(
  model: Model,
  what: string,
  make: () => Promise<Shown<Value>>,
): Promise<Shown<Value>> {
  if (!hasConvolution(model)) return { absent: `The network has no convolution, so there are no ${what}.` };
  try {
    return await make();
  } catch (error) {
    // Networks of other kinds, such as those of rows, are told by those who look into them.
    if (!(error instanceof InvalidConfigError || error instanceof ShapeError)) throw error;
    return { absent: `There are no ${what} of this network. ${error.message}` };
  }
}

function hasConvolution(layer: Layer): boolean {
  if (layer instanceof Model) return layer.layers.some(hasConvolution);
  const wrapped: unknown = Reflect.get(layer, "layer");
  return /Conv\dD/.test(layer.className) || (wrapped instanceof Layer && hasConvolution(wrapped));
}
