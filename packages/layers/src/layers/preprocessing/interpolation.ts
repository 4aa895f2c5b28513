import { Option } from "@featuremap/tensor";
import type { FillMode } from "@featuremap/operations";

/** How the value of a pixel that lies between others is found. */
export type Interpolation = "nearest" | "bilinear";

/** How pixels between others get their values; `bilinear` by default. */
export function interpolationOption(): Option<Interpolation | undefined, Interpolation> {
  return oneOf<Interpolation>("nearest", "bilinear").notNull().default("bilinear");
}

/** What lies outside of an image; `reflect` by default. */
export function fillModeOption(): Option<FillMode | undefined, FillMode> {
  return oneOf<FillMode>("reflect", "wrap", "constant", "nearest").notNull().default("reflect");
}

/** The value of what lies outside of an image; 0 by default. */
export function fillValueOption(): Option<number | undefined, number> {
  return Option.number().notNull().default(0);
}

/** One of a few words. */
export function oneOf<Word extends string>(...words: readonly Word[]): Option<Word, Word> {
  return Option.word<Word>(words, `one of ${words.join(", ")}`, { refusesNull: false });
}
