import { readFileWhole } from "@featuremap/files";
import {
  type DecodeNote,
  type ImageOperation,
  type PartOperation,
  type PixelBox,
  type Pixels,
  imageOperation,
  lendImage,
  resizePixels,
} from "@featuremap/images";
import { InvalidConfigError, RandomStream } from "@featuremap/tensor";
import { inChannels } from "../sources/pictures/reading/channels-of-pixels.ts";
import { type ImageRecipe, type ImageTask, channelsOf, isPlace, isPlain } from "./image-recipe.ts";
import { lendKeptPicture } from "./kept-picture.ts";

/**
 * Takes what comes out.
 *
 * @param isLent whether the pixels are somebody else's, and count only until it returns
 */
export type Take<Result> = (pixels: Pixels, isLent: boolean) => Result;

/** What a recipe makes of pictures. */
export type RecipeWork = <Result>(
  task: ImageTask,
  take: Take<Result>,
  signal?: AbortSignal,
  onNote?: (note: DecodeNote) => void,
) => Promise<Result>;

/** Pixels that are the caller's own. */
export const ownPixels: Take<Pixels> = ({ data, width, height }, isLent) => {
  // A Buffer's own slice copies nothing.
  return { data: isLent ? new Uint8Array(data) : data, width, height };
};

/** Pictures whose recipe draws take numbers of their own, or all would be changed alike. */
class MissingStream extends RandomStream {
  override uint32(): number {
    throw new InvalidConfigError("Dataset.map", "seed", "given for random operations", undefined);
  }
}

/** Bytes of one picture's file; the largest cameras write 200 MB. */
const largestFile = 2 ** 29;

/** The work that a recipe tells, for this thread. */
export function workOf(recipe: ImageRecipe, readFile: typeof readFileWhole = readFileWhole): RecipeWork {
  const { decode, size } = recipe;
  const [first, ...others] = (recipe.operations ?? []).map(imageOperation);
  const finish = (pixels: Pixels): Pixels => {
    if (size === undefined || (pixels.height === size[0] && pixels.width === size[1])) return pixels;
    return resizePixels(pixels, size);
  };
  return async ({ name, source, random }, take, signal, onNote) => {
    const stream = streamOf(random);
    const begun = beginning(first, stream);
    const use = (pixels: Pixels, place?: PixelBox): ReturnType<typeof take> => {
      let changed = begun.apply(pixels, place);
      for (const operation of others) changed = operation.apply(changed, stream);
      changed = finish(changed);
      return take(changed, changed.data.buffer === pixels.data.buffer);
    };
    if (isPlain(source)) {
      if (isPlace(source)) {
        return lendKeptPicture(source, begun.part, (pixels, place) =>
          use(ofColorMode(pixels, decode?.colorMode), place),
        );
      }
      const pixels = ofColorMode(source, decode?.colorMode);
      return use(pixels, begun.part?.(pixels));
    }
    const bytes = typeof source === "string" ? await readFile(source, { signal, limit: largestFile }) : source;
    return lendImage(bytes, { ...decode, name, signal, onNote, part: begun.part }, use);
  };
}

function streamOf(random: ImageTask["random"]): RandomStream {
  if (random === undefined) return new MissingStream(0);
  return random instanceof RandomStream ? random : RandomStream.restore(random);
}

/** The first operation: of what it needs but a part, no more is read. */
interface Beginning {
  /** The part of a picture that it needs; undefined where it needs all of it. Asked once. */
  readonly part: ((size: Pick<Pixels, "width" | "height">) => PixelBox) | undefined;
  /** @param place of the part within the pixels. Default: they are the part */
  readonly apply: (pixels: Pixels, place?: PixelBox) => Pixels;
}

function beginning(first: ImageOperation | undefined, random: RandomStream): Beginning {
  if (first === undefined) return { part: undefined, apply: (pixels) => pixels };
  const { ofPart } = first;
  if (ofPart === undefined) return { part: undefined, apply: (pixels) => first.apply(pixels, random) };
  let drawn: PartOperation | undefined;
  return {
    part: (size) => (drawn = ofPart(size, random)).box,
    apply(pixels, place = { left: 0, top: 0, width: pixels.width, height: pixels.height }) {
      return drawn === undefined ? first.apply(pixels, random) : drawn.apply(pixels, place);
    },
  };
}

/** Pixels that came as pixels, in the colours that are asked of files. */
function ofColorMode(pixels: Pixels, colorMode: keyof typeof channelsOf | undefined): Pixels {
  return colorMode === undefined ? pixels : inChannels(pixels, channelsOf[colorMode]);
}
