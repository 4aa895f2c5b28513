export { blendWithGrey, blendWithLevel, sumOfLuma } from "./blend";
export { mirrorLines } from "./mirror";
export { resampleColumns, resampleRows } from "./resample";
export { scaleLevels } from "./scale";
