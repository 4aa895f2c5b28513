import { io } from "@tensorflow/tfjs-core";

interface ModelJson {
  readonly weightsManifest: io.WeightsManifestConfig;
  readonly modelTopology: object;
  readonly trainingConfig?: io.TrainingConfig;
  readonly userDefinedMetadata?: Record<string, unknown>;
}

/** What TensorFlow.js's `loadLayersModel` takes, for files in memory. */
export function handlerOf(files: ReadonlyMap<string, Uint8Array>): io.IOHandler {
  const text = new TextDecoder().decode(files.get("model.json"));
  const { weightsManifest, ...rest } = JSON.parse(text) as ModelJson;
  const shards = weightsManifest.flatMap(({ paths }) => paths.map((path) => files.get(path) ?? new Uint8Array(0)));
  const weightData = new Uint8Array(Buffer.concat(shards)).buffer;
  return io.fromMemory({ ...rest, weightSpecs: weightsManifest.flatMap(({ weights }) => weights), weightData });
}

/** Keeps what TensorFlow.js's `model.save` writes as files: `model.json`, and weights in parts of so many bytes. */
export function fileKeeper(partBytes: number = Number.POSITIVE_INFINITY): {
  readonly files: Map<string, Uint8Array>;
  readonly handler: io.IOHandler;
} {
  const files = new Map<string, Uint8Array>();
  const handler = io.withSaveHandler((artifacts) => {
    const { weightData, weightSpecs, ...rest } = artifacts;
    const bytes = new Uint8Array(io.CompositeArrayBuffer.join(weightData));
    const paths: string[] = [];
    for (let from = 0; from < Math.max(bytes.length, 1); from += partBytes) {
      paths.push(`group1-shard${paths.length + 1}.bin`);
      files.set(paths.at(-1) ?? "", bytes.slice(from, from + partBytes));
    }
    const document = { ...rest, weightsManifest: [{ paths, weights: weightSpecs }] };
    files.set("model.json", new TextEncoder().encode(JSON.stringify(document)));
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" as const } });
  });
  return { files, handler };
}
