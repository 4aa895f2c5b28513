import type { BundleFiles, Classifier, DeviceChoice, LoadClassifierOptions } from "@featuremap/inference";

/** A bundle's address or files, and what to call it. */
export interface ModelSource {
  readonly name: string;
  readonly location: string | BundleFiles;
  /** Whether nobody need be told if there is none: the page may be served without a model. */
  readonly optional?: boolean;
  /** What the model's outputs are, where the address says it. */
  readonly outputs?: LoadClassifierOptions["outputs"];
}

/** A model in use. */
export interface LoadedModel {
  /** The source's name, or the network's own where that says nothing. */
  readonly name: string;
  readonly source: ModelSource;
  readonly device: DeviceChoice;
  readonly classifier: Classifier;
}

/** What the page wants to hear of. */
export interface ModelEvents {
  /** `share` of the download in [0, 1]; undefined while it is unknown, or while the network warms up. */
  loading(stage: "download" | "warm-up", share: number | undefined, loadedBytes: number): void;
  /** A model has taken the place of the former. */
  ready(model: LoadedModel): void;
  /** Loading failed; the former model, if any, stays in use. */
  failed(source: ModelSource, error: unknown): void;
}

/** Keeps one model in use while others are tried; of several requests the last wins. */
export class ModelHost {
  readonly #events: ModelEvents;
  #current: LoadedModel | undefined;
  #wanted: ModelSource | undefined;
  #loading: AbortController | undefined;

  constructor(events: ModelEvents) {
    this.#events = events;
  }

  get current(): LoadedModel | undefined {
    return this.#current;
  }

  /** The model last asked for, unless it failed while another is in use. */
  get wanted(): ModelSource | undefined {
    return this.#wanted;
  }

  /** Loads a model, and puts it in use if it works. Never throws: what fails is told to `failed`. */
  async load(source: ModelSource, device: DeviceChoice): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#wanted = source;
    const { signal } = loading;
    this.#events.loading("download", undefined, 0);
    try {
      // The runtime is fetched apart from the page, which can be drawn on before it has arrived.
      const { loadClassifier } = await import("@featuremap/inference");
      const classifier = await loadClassifier(source.location, {
        device,
        signal,
        outputs: source.outputs,
        onProgress: (progress) => {
          if (!signal.aborted) this.#events.loading(progress.stage, progress.share, progress.loadedBytes);
        },
      });
      if (signal.aborted) {
        classifier.dispose();
        return;
      }
      const former = this.#current;
      this.#current = { name: nameOf(source, classifier), source, device, classifier };
      this.#events.ready(this.#current);
      former?.classifier.dispose();
    } catch (error) {
      // One that was given up for another says nothing any more.
      if (signal.aborted) return;
      this.#wanted = this.#current?.source ?? source;
      this.#events.failed(source, error);
    }
  }
}

/** Bundles lie in folders named `model` so often that the name tells nothing. */
function nameOf({ name }: ModelSource, { model }: Classifier): string {
  return name === "model" || name === "model.json" ? model.name : name;
}
