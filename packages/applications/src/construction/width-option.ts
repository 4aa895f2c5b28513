import { Option } from "@featuremap/tensor";

/** `alpha`: a factor of the number of filters in each layer. */
export function widthOption(): Option<number | undefined, number> {
  const isWidth = (value: number): boolean => value > 0 && Number.isFinite(value);
  return Option.within("a number above 0", isWidth).default(1);
}
