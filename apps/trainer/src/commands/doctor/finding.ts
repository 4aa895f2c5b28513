import { FeaturemapError, UnavailableError } from "@featuremap/tensor";

/** Whether something is as it should be: a warning costs time or may fail later, a problem stops the work. */
export type Status = "ok" | "warning" | "problem";

/** One thing that was looked at. */
export interface Finding {
  /** What: "device", "memory". */
  readonly topic: string;
  readonly status: Status;
  /** What was found, in a line. */
  readonly text: string;
  /** What to do, where it is not well. */
  readonly remedy?: string;
}

/** What keeps something from working, as the error says it. @throws what is not an error of this project */
export function problemOf(topic: string, error: unknown, remedy?: string): Finding {
  if (!(error instanceof FeaturemapError)) throw error;
  const said = error instanceof UnavailableError ? undefined : remedy;
  return { topic, status: "problem", text: error.message, ...(said === undefined ? {} : { remedy: said }) };
}

/** `3.2 GB`, `512 MB`. */
export function formatBytes(bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ["GB", 1e9] : bytes >= 1e6 ? ["MB", 1e6] : ["kB", 1e3];
  const value = bytes / size;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`;
}
