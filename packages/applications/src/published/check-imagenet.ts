import { InvalidConfigError } from "@featuremap/tensor";
import { mobileNetSizes, mobileNetV2Sizes, trainedSize } from "../construction/trained-size.ts";
import type { FileSettings } from "./published-file.ts";

/** What a network's options are compared with. */
export interface ImagenetFacts {
  /** Keras's name of the function. */
  readonly owner: string;
  /** Side of its pictures where nobody says otherwise. */
  readonly size: number;
  /** Whether the top is made for pictures of one size. */
  readonly isSized: boolean;
  /** The shape as it was given. */
  readonly givenShape: unknown;
}

/** Widths of each network that has several. */
const widths: Readonly<Record<string, readonly number[]>> = {
  MobileNet: [0.25, 0.5, 0.75, 1],
  MobileNetV2: [0.35, 0.5, 0.75, 1, 1.3, 1.4],
  MobileNetV3Small: [0.75, 1],
  MobileNetV3Large: [0.75, 1],
};

/**
 * Refuses what Keras refuses with `weights="imagenet"`, before anything is downloaded.
 *
 * Source: Keras 3.15, `imagenet_utils.obtain_input_shape` and each network's own checks.
 *
 * @throws {InvalidConfigError} no weights are published for a network of these options.
 */
export function checkImagenet(
  facts: ImagenetFacts,
  settings: FileSettings & { readonly depthMultiplier?: number },
): void {
  const { owner } = facts;
  const { includeTop, classes, inputShape, alpha = 1, depthMultiplier = 1, minimalistic = false } = settings;
  const refuse = (option: string, expected: string, received: unknown): InvalidConfigError =>
    new InvalidConfigError(owner, option, `${expected} for the weights of "imagenet"`, received);
  if (/^ResNet(18|34)$/.test(owner)) {
    const expected = `a file of weights, since Keras publishes none for ${owner}`;
    throw new InvalidConfigError(owner, "weights", expected, "imagenet");
  }
  if (includeTop && classes !== 1000) throw refuse("classes", "1000 with the top", classes);
  if (inputShape[2] !== 3) throw refuse("inputShape", "of 3 channels", inputShape);
  if (includeTop && facts.isSized) {
    const side = sideOf(facts, settings);
    if (inputShape[0] !== side || inputShape[1] !== side) {
      throw refuse("inputShape", `[${side}, ${side}, 3] with the top`, inputShape);
    }
  }
  if (owner.startsWith("NASNet") && Array.isArray(facts.givenShape) && facts.givenShape.includes(null)) {
    throw refuse("inputShape", "of known height and width", inputShape);
  }
  const own = minimalistic ? [1] : widths[owner];
  if (own !== undefined && !own.includes(alpha)) throw refuse("alpha", `one of ${own.join(", ")}`, alpha);
  if (depthMultiplier !== 1) throw refuse("depthMultiplier", "1", depthMultiplier);
}

function sideOf({ owner, size }: ImagenetFacts, { inputShape }: FileSettings): number {
  if (owner === "MobileNet") return trainedSize(inputShape, mobileNetSizes);
  return owner === "MobileNetV2" ? trainedSize(inputShape, mobileNetV2Sizes) : size;
}
