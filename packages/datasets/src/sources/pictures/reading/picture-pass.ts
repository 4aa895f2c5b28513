import type { Pixels } from "@featuremap/images";
import type { PassRandom } from "../../../workers/element-random.ts";

/** One way through the pictures. */
export interface PicturePass {
  /** What changes draw from; without it pictures are as their files show them. */
  readonly random: PassRandom | undefined;
  /** Raised when its user is done. */
  readonly signal: AbortSignal;
}

/** Who gets pictures. */
export interface PictureTaker<Wanted> {
  /** The pixels count until it returns. */
  take(wanted: Wanted, pixels: Pixels): void;
  fail(wanted: Wanted, error: unknown): void;
}
