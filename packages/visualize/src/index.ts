export { type PlotCurvesOptions, plotCurves } from "./curves/plot-curves.ts";
export { type LearningRates, plotLearningRates } from "./curves/plot-learning-rates.ts";
export type { CurveHistory } from "./curves/read-history.ts";
export {
  type ChannelPicturesOptions,
  type FilterPicturesOptions,
  channelPictures,
  filterPictures,
} from "./pictures/channel-pictures.ts";
export type { ColorMap } from "./pictures/color-map.ts";
export { type HeatmapOptions, heatmapOver } from "./pictures/heatmap-over.ts";
export { type ImageGridOptions, type RenderOptions, imageGrid } from "./pictures/image-grid.ts";
export type { Picture, PicturePixels, RgbaPixels } from "./pictures/picture.ts";
export { type PlotImageGridOptions, plotImageGrid } from "./pictures/plot-image-grid.ts";
export type { ValueRange } from "./pictures/render.ts";
export { toPng } from "./pictures/to-png.ts";
export type { PlotOptions } from "./svg/drawing-options.ts";
export type { Theme } from "./svg/theme.ts";
export { type Calibration, type CalibrationBin, calibrationOf } from "./bars/calibration.ts";
export { plotBars } from "./bars/plot-bars.ts";
export { type PlotCalibrationOptions, plotCalibration } from "./bars/plot-calibration.ts";
export { type PlotHistogramOptions, plotHistogram } from "./bars/plot-histogram.ts";
export type { Counts } from "./bars/read-counts.ts";
export { type PlotConfusionMatrixOptions, plotConfusionMatrix } from "./matrix/plot-confusion-matrix.ts";
export type { ConfusionMatrixCounts } from "./matrix/read-matrix.ts";
export { type PlotHealthOptions, healthExamples, plotHealth } from "./health/plot-health.ts";
export type { HealthFinding, HealthFindings, HealthReference } from "./health/read-health.ts";
export { type PlotTrialsOptions, plotTrials } from "./trials/plot-trials.ts";
export type { TrialPoint } from "./trials/read-trials.ts";
