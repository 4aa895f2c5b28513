export { resampleColumns, resampleRows } from "./resample";
