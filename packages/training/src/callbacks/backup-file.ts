import { decodeSafetensors, encodeSafetensors } from "@featuremap/formats";
import type { Model } from "@featuremap/layers";
import { FormatError, HostArray } from "@featuremap/tensor";
import type { Variable } from "@tensorflow/tfjs-core";
import type { RunState } from "../loop/run-state.ts";
import type { TrainingRun } from "./callback.ts";
import type { CallbackState } from "./callback-state.ts";
import { weightsOf } from "./model-checkpoint.ts";

/** Holds what is no tensor, as JSON; no weight has it as its path. */
const recordName = "training";
const version = 1;

/** What a backup holds beside tensors. */
interface BackupRecord {
  readonly version: number;
  readonly run: RunState;
  readonly batches: number;
  /** Absent where a schedule decides. */
  readonly learningRate?: number;
  /** Of each callback in the list, by its class. */
  readonly callbacks: readonly { readonly name: string; readonly values?: CallbackState["values"] }[];
}

/** Everything that a training needs to go on as if it had not been interrupted. */
export async function encodeBackup(run: TrainingRun): Promise<Uint8Array> {
  const { model, optimizer, callbacks } = run;
  const { batches, slots, learningRate } = await optimizer.readState(trainable(model));
  const states = callbacks.map((each) => ({ name: each.constructor.name, state: each.saveState() }));
  const record: BackupRecord = {
    version,
    run: run.saveState(),
    batches,
    ...(learningRate === undefined ? {} : { learningRate }),
    callbacks: states.map(({ name, state }) => ({ name, ...(state ? { values: state.values } : {}) })),
  };
  const text = new TextEncoder().encode(JSON.stringify(record));
  const contents = new Map<string, HostArray>([[recordName, new HostArray(text, [text.length])]]);
  for (const [path, value] of await weightsOf(model)) contents.set(`model/${path}`, value);
  for (const [name, value] of slots) contents.set(`optimizer/${name}`, value);
  for (const [index, { state }] of states.entries()) {
    for (const [at, value] of (state?.arrays ?? []).entries()) contents.set(`callback/${index}/${at}`, value);
  }
  return encodeSafetensors(contents);
}

/**
 * Goes on after a backup.
 *
 * @throws {FormatError} it is damaged, or of another model.
 * @throws {InvalidConfigError} the data have another order.
 */
export function restoreBackup(bytes: Uint8Array, source: string, run: TrainingRun): void {
  const saved = decodeSafetensors(bytes, source);
  const record = recordOf(saved, source);
  const values = [...run.model.namedWeights()].map(([path, weight]) => {
    const value = saved.get(`model/${path}`);
    if (value === undefined) throw new FormatError(source, `weight ${path}`, "in the backup", "nothing");
    weight.check(value);
    return { weight, value };
  });
  run.restoreState(record.run);
  for (const { weight, value } of values) weight.assign(value);
  const { batches, learningRate } = record;
  const slots = new Map([...saved].filter(([name]) => name.startsWith("optimizer/")).map(cutFirst));
  const state = { batches, slots, ...(learningRate === undefined ? {} : { learningRate }) };
  run.optimizer.restoreState(trainable(run.model), state);
  for (const [index, callback] of run.callbacks.entries()) {
    const own = record.callbacks[index];
    if (own?.values === undefined || own.name !== callback.constructor.name) continue;
    const arrays = [...saved].filter(([name]) => name.startsWith(`callback/${index}/`)).map(([, value]) => value);
    callback.restoreState({ values: own.values, arrays });
  }
}

/** @throws {FormatError} the record is missing or not one of these. */
function recordOf(saved: ReadonlyMap<string, HostArray>, source: string): BackupRecord {
  const bytes = saved.get(recordName);
  if (!(bytes?.data instanceof Uint8Array)) throw new FormatError(source, recordName, "bytes", "nothing");
  let record: Partial<BackupRecord> | null;
  try {
    record = JSON.parse(new TextDecoder().decode(bytes.data)) as Partial<BackupRecord> | null;
  } catch (cause) {
    throw new FormatError(source, recordName, "JSON", cause instanceof Error ? cause.message : "text");
  }
  const { version: given, run, batches, callbacks } = record ?? {};
  const fits = run !== undefined && typeof batches === "number" && Array.isArray(callbacks);
  if (given !== version || !fits)
    throw new FormatError(source, recordName, `a record of version ${version}`, `${given}`);
  return record as BackupRecord;
}

function cutFirst([name, value]: readonly [string, HostArray]): [string, HostArray] {
  return [name.slice(name.indexOf("/") + 1), value];
}

/** The variables that an optimizer moves, by path. */
function trainable(model: Model): ReadonlyMap<string, Variable> {
  const moved = new Set(model.trainableWeights);
  return new Map(
    [...model.namedWeights()].filter(([, weight]) => moved.has(weight)).map(([path, { variable }]) => [path, variable]),
  );
}
