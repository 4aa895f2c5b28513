import { Option } from "@featuremap/tensor";
import type { FillMode } from "@featuremap/operations";

/** How a value between pixels is found. */
export type Interpolation = "nearest" | "bilinear";

/** How a value between pixels is found; `bilinear` by default. */
export function interpolationOption(): Option<Interpolation | undefined, Interpolation> {
  return oneOf<Interpolation>("nearest", "bilinear").notNull().default("bilinear");
}

/** How pixels outside of the image are filled; `reflect` by default. */
export function fillModeOption(): Option<FillMode | undefined, FillMode> {
  return oneOf<FillMode>("reflect", "wrap", "constant", "nearest").notNull().default("reflect");
}

/** The value of pixels outside of the image; 0 by default. */
export function fillValueOption(): Option<number | undefined, number> {
  return Option.number().notNull().default(0);
}

/** One of a few words. */
export function oneOf<Word extends string>(...words: readonly Word[]): Option<Word, Word> {
  return Option.word<Word>(words, `one of ${words.join(", ")}`, { refusesNull: false });
}
