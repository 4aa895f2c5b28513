import { describeValue } from "@featuremap/tensor";
import type { JsonObject } from "../reading/json.ts";

/** One of the layers that stand for a layer which TensorFlow.js has not. */
export interface Step {
  readonly className: string;
  readonly config: JsonObject;
  /** The steps before it that it is given; left out, the one before, and the first what the layer is given. */
  readonly from?: readonly number[];
}

/** What writing a model for TensorFlow.js finds on its way. */
export interface Findings {
  /** What is written as an equivalent, one sentence each. */
  readonly notes: string[];
  /** What TensorFlow.js has not, and nothing stands for. */
  readonly lacking: string[];
  /** Constraints that weights do not keep to: `layer/kernel_constraint`. */
  readonly broken: ReadonlySet<string>;
}

/** A layer as it is to be written. */
export interface Adapted {
  readonly className: string;
  readonly config: JsonObject;
  readonly name: string;
  /** Shape of its first input, where that is known. */
  readonly inputShape: readonly (number | null)[] | undefined;
  readonly findings: Findings;
}

/** Says that TensorFlow.js cannot do what a layer does. */
export function lack({ className, name, findings }: Adapted, reason?: string): readonly Step[] {
  findings.lacking.push(`${className} ${describeValue(name)}${reason === undefined ? "" : ` (${reason})`}`);
  return [];
}

/** Says what stands for a layer. */
export function note({ className, name, findings }: Adapted, words: string): void {
  findings.notes.push(`${className} ${describeValue(name)} ${words}.`);
}

export function activationStep(name: string, activation = "linear"): Step {
  return { className: "Activation", config: { name, trainable: true, activation } };
}

export function rescalingStep(name: string, scale: number, offset: number): Step {
  return { className: "Rescaling", config: { name, trainable: true, scale, offset } };
}

export function reluStep(name: string, limit: number | null): Step {
  return {
    className: "ReLU",
    config: { name, trainable: true, max_value: limit, negative_slope: 0, threshold: 0 },
  };
}
