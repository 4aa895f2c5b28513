import { type Device, type DeviceName, type DeviceReason, leaseDevice } from "@featuremap/devices";
import { type BundleFiles, type LoadProgress, type ModelBundle, loadBundle } from "@featuremap/formats";
import { AbortedError, UnavailableError } from "@featuremap/tensor";
import { Classifier, batchShape } from "./classifier.ts";
import {
  type DeviceChoice,
  type LoadClassifierOptions,
  checkBundle,
  checkLoadOptions,
  checkSource,
  meaningOf,
} from "./load-options.ts";
import { warmUp } from "./warm-up.ts";
import { deviceWork } from "./work-queue.ts";

/**
 * Loads a bundle, opens a device for it, and warms both up; the page stays usable meanwhile.
 *
 * With `auto`, a device that opens but cannot run the model gives way to WebAssembly, and `device.reason` says so.
 *
 * @param source a bundle's address or, in Node, its path; its files; or a bundle that is loaded already, whose model
 * stays the caller's
 * @throws {InvalidConfigError} the source is none, an option is wrong, or nobody says what the model's outputs mean.
 * @throws {UnavailableError} the bundle or the device is not there, or the device cannot run the model.
 * @throws {FormatError} the bundle is damaged, altered or of another version.
 * @throws {AbortedError} the signal was raised.
 */
export async function loadClassifier(
  source: string | URL | BundleFiles | ModelBundle,
  options: LoadClassifierOptions = {},
): Promise<Classifier> {
  checkLoadOptions(options);
  checkSource(source);
  if (isLoaded(source)) checkBundle(source);
  const { device: choice = "auto" } = options;
  try {
    return await open(source, choice, options);
  } catch (error) {
    const mayFallBack = choice === "auto" && error instanceof WarmUpError && error.device === "webgpu";
    // The weights of a bundle that is loaded already went down with the device.
    if (!mayFallBack || isLoaded(source)) throw error;
    return open(source, "wasm", options, { kind: "fallback", text: error.message });
  }
}

/** A device that opened, and then could not run the model. */
class WarmUpError extends UnavailableError {
  readonly device: DeviceName;

  constructor({ name, description }: Device, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${description} cannot run this model: ${reason}`, "Use another device.", { cause });
    this.device = name;
  }
}

async function open(
  source: string | URL | BundleFiles | ModelBundle,
  choice: DeviceChoice,
  { signal, onProgress, outputs: asked, limits = {} }: LoadClassifierOptions,
  reason?: DeviceReason,
): Promise<Classifier> {
  const began = performance.now();
  let progress: LoadProgress = { loadedBytes: 0, totalBytes: undefined };
  const report = (latest: LoadProgress): void => {
    progress = latest;
    const { loadedBytes, totalBytes } = latest;
    const share = totalBytes === undefined ? undefined : loadedBytes / totalBytes;
    onProgress?.({ stage: "download", loadedBytes, totalBytes, share });
  };
  const { picturePixels, ...bundleLimits } = limits;
  const loading = isLoaded(source)
    ? Promise.resolve(source)
    : loadBundle(source, { signal, onProgress: report, limits: bundleLimits });
  const [leased, loaded] = await Promise.allSettled([leaseDevice(choice), loading]);
  const release = async (): Promise<void> => {
    if (loaded.status === "fulfilled" && loaded.value !== source) loaded.value.model.dispose();
    if (leased.status === "fulfilled") await leased.value.dispose();
  };
  try {
    throwIfAborted(signal);
    const bundle = valueOf(loaded);
    const outputs = meaningOf(bundle, asked);
    const device = valueOf(leased);
    const loadMilliseconds = performance.now() - began;
    onProgress?.({ stage: "warm-up", ...progress, share: undefined });
    const warmUpMilliseconds = await deviceWork.add(() => timeWarmUp(bundle, device));
    throwIfAborted(signal);
    const described = reason === undefined ? device : { ...device, reason };
    return new Classifier({
      bundle,
      device: described,
      outputs,
      pixelLimit: picturePixels,
      loadMilliseconds,
      warmUpMilliseconds,
      release,
    });
  } catch (error) {
    await release();
    throw error;
  }
}

async function timeWarmUp({ model, preprocessing }: ModelBundle, device: Device): Promise<number> {
  const began = performance.now();
  try {
    await warmUp(model, batchShape(model, preprocessing, 1), device);
  } catch (cause) {
    throw new WarmUpError(device, cause);
  }
  return performance.now() - began;
}

function isLoaded(source: string | URL | BundleFiles | ModelBundle): source is ModelBundle {
  return typeof source === "object" && source !== null && "model" in source;
}

function valueOf<Value>(result: PromiseSettledResult<Value>): Value {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortedError("Loading the classifier was stopped.", { cause: signal.reason });
}
