import type { Model } from "./model.ts";
export interface SummaryOptions {
  readonly lineLength?: number | undefined;
}
export function summarize(model: Model, _options: SummaryOptions): string {
  return model.name;
}
