export { blendWithGrey, blendWithLevel, sumOfLuma } from "./blend";
export { resampleColumns, resampleRows } from "./resample";
