import { sha256 } from "@featuremap/files";
import { decodeSafetensors, encodeSafetensors } from "@featuremap/formats";
import { FormatError, HostArray, InvalidConfigError } from "@featuremap/tensor";
import { classNameOf } from "../../config/class-name.ts";
import { setOnce } from "../../config/set-once.ts";
import { readOptimizer, resumeOptimizer } from "../../optimizers/optimizer-data.ts";
import { type BackupRecord, backupVersion, parseBackupRecord } from "./backup-record.ts";
import type { Callback, TrainingRun } from "../../run/callback.ts";
import type { CallbackState } from "../../run/callback-state.ts";
import type { RunState } from "../../run/run-state.ts";

/** Holds what is not a tensor, as JSON; no weight has this path. */
const recordName = "training";
/** Holds the SHA-256 of the file, in hexadecimal digits, computed with zeros in its place. */
const checksumName = "checksum";
const checksumLength = 64;
const owner = "BackupAndRestore";

/** Everything that training needs to resume as if it had not been interrupted. */
export async function encodeBackup(run: TrainingRun): Promise<Uint8Array> {
  const { model, optimizer, callbacks, steps } = run;
  const { config, variables } = await readOptimizer(optimizer, model);
  const states = statesOf(callbacks);
  const { className, ...progress } = config;
  const record = {
    version: backupVersion,
    run: run.saveState(),
    ...(Number.isFinite(steps) ? { steps } : {}),
    optimizer: className,
    ...progress,
    callbacks: states.map(({ name, state }) => ({ name, values: state.values })),
  };
  const text = new TextEncoder().encode(JSON.stringify(record));
  const contents = new Map<string, HostArray>();
  const add = (name: string, value: HostArray): void => setOnce(owner, contents, name, value);
  add(recordName, new HostArray(text, [text.length]));
  add(checksumName, new HostArray(new Uint8Array(checksumLength), [checksumLength]));
  for (const [path, weight] of model.namedWeights()) add(`model/${path}`, await weight.read());
  for (const [name, value] of variables) add(`optimizer/${name}`, value);
  for (const [index, { state }] of states.entries()) {
    for (const [at, value] of (state.arrays ?? []).entries()) add(`callback/${index}/${at}`, value);
  }
  const bytes = encodeSafetensors(contents);
  const place = decodeSafetensors(bytes, owner).get(checksumName);
  place?.data.set(new TextEncoder().encode(await sha256(bytes)));
  return bytes;
}

/**
 * Resumes from a backup, once all of it is known to fit.
 *
 * @param bytes are written to
 * @throws {FormatError} it is damaged, or of another model.
 * @throws {InvalidConfigError} the data, the optimizer or the callbacks are not those of the training that was interrupted.
 */
export async function restoreBackup(bytes: Uint8Array, source: string, run: TrainingRun): Promise<void> {
  const saved = await decodeChecked(bytes, source);
  const record = recordOf(saved, source);
  const { model, optimizer } = run;
  checkRun(record, run, source);
  const values = [...model.namedWeights()].map(([path, weight]) => {
    const value = taken(saved, `model/${path}`);
    if (value === undefined) throw new FormatError(source, `weight ${path}`, "in the backup", "nothing");
    weight.check(value);
    return { weight, value };
  });
  const states = statesOf(run.callbacks).map(({ callback, name }, index) => {
    const arrays: HostArray[] = [];
    for (let next; (next = taken(saved, `callback/${index}/${arrays.length}`));) arrays.push(next);
    return { callback, name, state: { values: record.callbacks[index]?.values ?? {}, arrays } };
  });
  const variables = new Map<string, HostArray>();
  for (const name of [...saved.keys()].filter((each) => each.startsWith("optimizer/"))) {
    variables.set(name.slice("optimizer/".length), taken(saved, name) as HostArray);
  }
  const [unknown] = saved.keys();
  if (unknown !== undefined) throw new FormatError(source, "names", "of this model and its callbacks", unknown);
  const { optimizer: className, batches, learningRate, holdsMeans } = record;
  run.restoreState(record.run);
  resumeOptimizer(optimizer, model, { config: { className, batches, learningRate, holdsMeans }, variables });
  for (const { weight, value } of values) weight.assign(value);
  for (const { callback, state } of states) callback.restoreState(state);
}

/**
 * The epochs that a backup has done, and the one that it has begun.
 *
 * @param bytes are written to
 * @throws {FormatError} it is damaged.
 */
export async function readBegunEpochs(bytes: Uint8Array, source: string): Promise<number> {
  return begunEpochs(recordOf(await decodeChecked(bytes, source), source).run);
}

/** Within an epoch, weights are no longer those of the epoch before: they belong to the one that has begun. */
function begunEpochs({ epoch, step }: RunState): number {
  return step === 0 ? epoch : epoch + 1;
}

/** The tensors of an undamaged file. @throws {FormatError} it is damaged. */
async function decodeChecked(bytes: Uint8Array, source: string): Promise<Map<string, HostArray>> {
  const saved = decodeSafetensors(bytes, source);
  const place = taken(saved, checksumName);
  if (!(place?.data instanceof Uint8Array) || place.size !== checksumLength) {
    throw new FormatError(source, checksumName, `${checksumLength} bytes`, place ? `${place.size}` : "nothing");
  }
  const found = new TextDecoder().decode(place.data.slice());
  place.data.fill(0);
  const computed = await sha256(bytes);
  if (found !== computed) throw new FormatError(source, checksumName, computed, found);
  return saved;
}

/** @throws {FormatError} the record is missing or malformed. */
function recordOf(saved: Map<string, HostArray>, source: string): BackupRecord {
  const bytes = taken(saved, recordName);
  if (!(bytes?.data instanceof Uint8Array)) throw new FormatError(source, recordName, "bytes", "nothing");
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes.data));
  } catch (cause) {
    throw new FormatError(source, recordName, "JSON", cause instanceof Error ? cause.message : "text");
  }
  return parseBackupRecord(value, source);
}

/** @throws {FormatError} @throws {InvalidConfigError} it comes from a training with other options or parts. */
function checkRun({ run: state, steps, optimizer, callbacks }: BackupRecord, run: TrainingRun, source: string): void {
  const expect = (option: string, then: string, now: string): void => {
    if (then === now) return;
    throw new InvalidConfigError(owner, option, `${then}, as in the training that was interrupted (${source})`, now);
  };
  const least = begunEpochs(state);
  if (least > run.epochs) {
    const verb = state.step === 0 ? "done" : "begun";
    const expected = `${least} or more, the epochs that ${source} has ${verb}, or backupDir another folder`;
    throw new InvalidConfigError(owner, "epochs", expected, run.epochs);
  }
  expect("optimizer", optimizer, classNameOf(run.optimizer));
  const names = (list: readonly { readonly name: string }[]): string =>
    list.length === 0 ? "none" : list.map(({ name }) => name).join(", ");
  expect("callbacks", names(callbacks), names(statesOf(run.callbacks)));
  if (state.step === 0) return;
  if (steps !== undefined && Number.isFinite(run.steps)) expect("batches of an epoch", `${steps}`, `${run.steps}`);
  if (state.step > run.steps)
    throw new FormatError(source, "training.run.step", `at most ${run.steps}`, `${state.step}`);
  if (state.totals === undefined)
    throw new FormatError(source, "training.run.totals", "there within an epoch", "nothing");
  const paths = [...run.model.randomStates().keys()];
  const missing = paths.find((path) => !(path in state.random));
  if (missing !== undefined) throw new FormatError(source, `training.run.random.${missing}`, "there", "nothing");
}

/** The callbacks that have state. */
function statesOf(
  callbacks: readonly Callback[],
): readonly { readonly callback: Callback; readonly name: string; readonly state: CallbackState }[] {
  return callbacks.flatMap((callback) => {
    const state = callback.saveState();
    return state ? [{ callback, name: classNameOf(callback), state }] : [];
  });
}

/** Takes an entry out, so that what is left in the end is what nobody asked for. */
function taken(saved: Map<string, HostArray>, name: string): HostArray | undefined {
  const value = saved.get(name);
  saved.delete(name);
  return value;
}
