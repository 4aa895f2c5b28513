import {
  type Classification,
  type Classifier,
  type DeviceChoice,
  type Picture,
  loadClassifier,
} from "@featuremap/inference";
import { encodeBundle } from "@featuremap/formats";
import { Conv2D, Dense, Flatten, MaxPooling2D, Sequential } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";

/** What the test sees of a classifier in the page. */
export interface PageResult {
  readonly device: string;
  readonly reason: Classifier["device"]["reason"];
  /** Probabilities in the order of the labels, by kind of picture. */
  readonly probabilities: Readonly<Record<string, readonly number[]>>;
  /** Shaders that the page had to wait for, and shaders that were compiled beside it. */
  readonly pipelines: { readonly blocking: number; readonly background: number };
}

const labels = ["a", "b", "c", "d", "e"];
const pipelines = { blocking: 0, background: 0 };

/** Classifies one picture in every form that a page has, in a model of fixed random weights. */
async function classifyOn(device: DeviceChoice): Promise<PageResult> {
  countPipelines();
  const model = new Sequential(
    [
      new Conv2D({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [20, 24, 3] }),
      new MaxPooling2D(),
      new Conv2D({ filters: 8, kernelSize: 3, activation: "relu" }),
      new Flatten(),
      new Dense({ units: labels.length }),
    ],
    { seed: 7 },
  );
  const files = await encodeBundle(model, { preprocessing: plainPreprocessing([20, 24], "rgb", 1 / 255), labels });
  const classifier = await loadClassifier(files, { device });
  // A second one beside it, so that closing that must not disturb the first.
  const other = await loadClassifier(files, { device: device === "wasm" ? "cpu" : "wasm" });
  const pictures = await everyForm();
  const results = await Promise.all(pictures.map(([, picture]) => classifier.classify(picture, { topK: 5 })));
  await other.classify(pictures[0][1]);
  other.dispose();
  const last = await classifier.classify(pictures[0][1]);
  const { name, reason } = classifier.device;
  classifier.dispose();
  const probabilities = Object.fromEntries(pictures.map(([form], index) => [form, inOrder(results[index])]));
  return { device: name, reason, probabilities: { ...probabilities, again: inOrder(last) }, pipelines };
}

function inOrder(result: Classification | undefined): number[] {
  const sorted = [...(result?.predictions ?? [])].toSorted((a, b) => a.index - b.index);
  return sorted.map(({ probability }) => probability);
}

type Forms = readonly [readonly [string, Picture], ...(readonly (readonly [string, Picture])[])];

/** A gradient of 37 x 29 pixels: a size that must be brought to the model's. */
async function everyForm(): Promise<Forms> {
  const [width, height] = [37, 29];
  const image = new ImageData(width, height);
  for (let index = 0; index < width * height; index++) {
    const [x, y] = [index % width, Math.floor(index / width)];
    image.data.set([x * 6, y * 8, (x * y) % 256, 255], index * 4);
  }
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  const offscreen = new OffscreenCanvas(width, height);
  offscreen.getContext("2d")?.putImageData(image, 0, 0);
  const element = new Image(5, 5);
  element.src = canvas.toDataURL("image/png");
  const plain = { data: Uint8Array.from(image.data), width, height };
  return [
    ["pixels", plain],
    ["ImageData", image],
    ["canvas", canvas],
    ["OffscreenCanvas", offscreen],
    ["ImageBitmap", await createImageBitmap(image)],
    ["image", element],
  ];
}

function countPipelines(): void {
  if (typeof GPUDevice === "undefined") return;
  const count = (name: keyof GPUDevice, kind: keyof typeof pipelines): void => {
    const method: unknown = Reflect.get(GPUDevice.prototype, name);
    if (typeof method !== "function") return;
    const apply = (target: object, device: unknown, parameters: unknown[]): unknown => {
      pipelines[kind]++;
      return Reflect.apply(target as () => unknown, device, parameters);
    };
    Reflect.set(GPUDevice.prototype, name, new Proxy(method, { apply }));
  };
  count("createComputePipeline", "blocking");
  count("createComputePipelineAsync", "background");
}

Object.assign(globalThis, { classifyOn });
