export { blendWithGrey, blendWithLevel, sumOfLuma } from "./blend";
export { resampleColumns, resampleRows } from "./resample";
export { scaleLevels } from "./scale";
