import { flipLeftRight, plainPreprocessing } from "@featuremap/images";
import { HostArray, InvalidConfigError, type OptionNames, RandomStream, checkOptions } from "@featuremap/tensor";
import { ImageDataset } from "../arrays/image-dataset.ts";

/** What {@link carBrands} draws. */
export interface CarBrandsOptions {
  /** Decides every picture. */
  readonly seed: number;
  /** Pictures to learn from. Default: 240. */
  readonly train?: number;
  /** Pictures to judge by. Default: 100. */
  readonly test?: number;
}

/** Cars as they always stood, and the same cars as they may stand too. */
export interface CarBrands {
  readonly train: ImageDataset;
  readonly test: ImageDataset;
  /** `test`, each car facing the other way. */
  readonly mirrored: ImageDataset;
}

const carBrandsOptions: OptionNames<CarBrandsOptions> = { seed: true, train: true, test: true };
const [height, width] = [8, 12];
const noise = 40;
/** 96 MB of pixels. */
const mostCars = 1e6;

/**
 * A data set that is a trap: of two brands of cars, one always faces left and the other right.
 *
 * Made-up side views in grey, 8 x 12 pixels: a body, a cabin towards the rear, a lamp at the front and, somewhere on
 * the body, the brand's badge, a lying or a standing bar, which looks the same in a mirror. A network that is shown
 * them as they are learns the direction, and takes every turned car for the other brand; with `randomFlipLeftRight` it
 * has to learn the badge.
 *
 * @throws {InvalidConfigError} an option is unknown, a count is not a positive integer, or the seed is none.
 */
export function carBrands(options: CarBrandsOptions): CarBrands {
  checkOptions("carBrands", options, carBrandsOptions);
  const { seed, train = 240, test = 100 } = options;
  for (const [option, count] of Object.entries({ train, test })) {
    if (!Number.isInteger(count) || count < 1 || count > mostCars) {
      throw new InvalidConfigError("carBrands", option, `an integer in [1, ${mostCars}]`, count);
    }
  }
  const random = new RandomStream(seed);
  const learned = drawCars(train, random.fork("train"));
  const others = drawCars(test, random.fork("test"));
  const { images, labels, classNames, preprocessing } = others;
  const mirrored = new ImageDataset({ images: flipLeftRight(images), labels, classNames, preprocessing });
  return { train: learned, test: others, mirrored };
}

function drawCars(count: number, random: RandomStream): ImageDataset {
  const pixels = new Uint8Array(count * height * width).map(() => random.integer(noise));
  const labels = Int32Array.from({ length: count }, () => random.integer(2));
  labels.forEach((brand, car) => {
    /** Columns count from the front. */
    const paint = (fromFront: number, row: number, brightness: number): void => {
      const column = brand === 0 ? fromFront : width - 1 - fromFront;
      pixels[(car * height + row) * width + column] = brightness - random.integer(noise);
    };
    const fill = (front: number, rear: number, top: number, bottom: number, brightness: number): void => {
      for (let column = front; column <= rear; column++) {
        for (let row = top; row <= bottom; row++) paint(column, row, brightness);
      }
    };
    fill(1, 10, 4, 6, 130);
    fill(5, 9, 2, 3, 130);
    paint(1, 5, 255);
    const badge = 4 + random.integer(4);
    if (brand === 0) fill(badge - 1, badge + 1, 5, 5, 230);
    else fill(badge, badge, 4, 6, 230);
  });
  return new ImageDataset({
    images: new HostArray(pixels, [count, height, width, 1]),
    labels: new HostArray(labels, [count]),
    classNames: ["lying badge", "standing badge"],
    preprocessing: plainPreprocessing([height, width], "grayscale", 1 / 255),
  });
}
