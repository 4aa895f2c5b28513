import { type FeatureMaps, type Filters } from "@featuremap/explain";
import {
  type ColorMap,
  type Picture,
  type RgbaPixels,
  channelPictures,
  filterPictures,
  imageGrid,
} from "@featuremap/visualize";

/** Filters, and channels of a layer, that are shown where nobody says how many. */
const [mostFilters, mostChannels] = [64, 32];
/** Pixels of a filter's and of a map's longer side in a grid, and of each that is a picture by itself. */
const [filterSide, mapSide, ownSide] = [48, 64, 160];

/** Pictures of what a layer holds. */
export interface LayerPictures {
  readonly layer: string;
  /** Side by side. */
  readonly pixels: RgbaPixels;
  readonly shown: number;
  readonly all: number;
  /** Height and width of one, before it was enlarged. */
  readonly size: readonly [height: number, width: number];
}

/** Pictures of what a layer holds, which are not drawn yet. */
export interface LayerDrawing extends Omit<LayerPictures, "pixels"> {
  /** All in one picture. */
  grid(): RgbaPixels;
  /** One by one. */
  single(): Generator<RgbaPixels>;
}

/** The filters of a convolution, each in its own contrast. */
export function drawFilters({ layer, filters }: Filters, most: number = mostFilters): LayerDrawing {
  return drawingOf(layer, filterPictures(filters), { most, side: filterSide, colorMap: "gray" });
}

/** What a layer made of the first picture, each channel in its own contrast. */
export function drawMaps({ layer, maps }: FeatureMaps, most: number = mostChannels): LayerDrawing {
  return drawingOf(layer, channelPictures(maps), { most, side: mapSide, colorMap: "viridis" });
}

/** {@link LayerDrawing} as it is in a report. */
export function drawn(drawing: LayerDrawing): LayerPictures {
  const { layer, shown, all, size } = drawing;
  return { layer, shown, all, size, pixels: drawing.grid() };
}

interface Look {
  readonly most: number;
  readonly side: number;
  readonly colorMap: ColorMap;
}

function drawingOf(layer: string, pictures: readonly Picture[], { most, side, colorMap }: Look): LayerDrawing {
  const shown = pictures.slice(0, most);
  const [first] = shown;
  const [height = 1, width = 1] = first !== undefined && "shape" in first ? first.shape : [];
  const look = { range: "picture", colorMap } as const;
  return {
    layer,
    shown: shown.length,
    all: pictures.length,
    size: [height, width],
    grid: () => imageGrid(shown, { ...look, cellSize: side, columns: 8, gap: 2 }),
    *single() {
      for (const picture of shown) yield imageGrid([picture], { ...look, cellSize: ownSide, gap: 0 });
    },
  };
}
