import { augmentation } from "@featuremap/applications";
import { type ImageOperation, randAugment, randomErasing, trivialAugment } from "@featuremap/images";
import type { LearningSettings } from "./settings.ts";

/** What becomes of a training picture each time it is seen. @param size of the network's inputs */
export function makeAugmentation(
  { augment, erasing }: Pick<LearningSettings, "augment" | "erasing">,
  size: readonly [height: number, width: number],
): readonly ImageOperation[] {
  const changes =
    augment === "randaugment" || augment === "trivial" ? policy(augment, size) : augmentation(augment, size);
  return erasing > 0 ? [...changes, randomErasing({ probability: erasing })] : changes;
}

/** As torchvision's recipes have it: what moves and mirrors comes first. */
function policy(name: "randaugment" | "trivial", size: readonly [number, number]): readonly ImageOperation[] {
  return [...augmentation("light", size), name === "trivial" ? trivialAugment() : randAugment()];
}
