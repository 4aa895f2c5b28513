import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Layer, type Model, Sequential, type Weight, serializeModel } from "@featuremap/layers";
import { HostArray, sizeOf } from "@featuremap/tensor";
import { tensor, tidy } from "@tensorflow/tfjs-core";
import { crc32 } from "node:zlib";
import { expect } from "vitest";
import * as networks from "../index.ts";

/** What `tooling/fixtures/networks/backbones.py` tells of one network. */
export interface BackboneCase {
  readonly options: object;
  readonly layers?: number;
  readonly weights: number;
  readonly trainable: number;
  readonly outputShape: readonly (number | null)[];
  readonly config?: string;
  /** How far kernels reach, squared and times the number of a kernel's inputs. */
  readonly reach?: number;
  readonly output?: readonly number[];
}

/** Of each network of Keras, by its name. */
export const backboneCases = readGolden("backbones") as Readonly<Record<string, readonly BackboneCase[]>>;

/** Networks of torchvision. */
export const torchCases = readGolden("backbones-torch") as readonly (BackboneCase & { readonly name: string })[];

function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../${name}.golden.json`, import.meta.url), "utf8"));
}

/** Share of the largest output that others may differ by. */
const tolerance = 1e-4;

/** Compares layers, configs, connections and numbers of weights; with `outputs` also these, for weights that both sides compute. */
export function checkBackbone(name: string, expected: BackboneCase, outputs: boolean): void {
  const build: unknown = new Map<string, unknown>(Object.entries(networks)).get(name);
  if (typeof build !== "function") throw new TypeError(`${name} is not exported.`);
  const model = Reflect.apply(build, undefined, [expected.options]) as Model;
  if (expected.layers !== undefined) expect(model.layers).toHaveLength(expected.layers);
  expect(model.countParams()).toBe(expected.weights);
  expect(model.trainableWeights.reduce((count, { size }) => count + size, 0)).toBe(expected.trainable);
  expect(model.outputShapes).toEqual([expected.outputShape]);
  if (expected.config !== undefined) expect(configHash(model)).toBe(expected.config);
  if (outputs && expected.output !== undefined) {
    fill(model, expected.reach ?? 6);
    const most = Math.max(...expected.output.map(Math.abs));
    const given = views(predict(model));
    expect(given).toHaveLength(expected.output.length);
    expected.output.forEach((value, index) => {
      expect(Math.abs((given[index] ?? Number.NaN) - value) / most, `output ${index}`).toBeLessThan(tolerance);
    });
  }
  model.dispose();
}

/** Tells apart names, configs and connections of all layers. */
export function configHash(model: Model): string {
  const config = canonical(JSON.parse(JSON.stringify(serializeModel(model))));
  return createHash("sha256").update(config).digest("hex").slice(0, 16);
}

function predict(model: Model): Float32Array {
  const shape = [1, ...model.inputShape.slice(1).map((length) => length ?? 1)];
  return tidy(() => {
    const image = tensor(hashed(sizeOf(shape), 1, 127.5, 127.5), shape);
    return Float32Array.from(model.predict(image).dataSync());
  });
}

function views(output: Float32Array): readonly number[] {
  if (output.length <= 8) return [...output];
  return Array.from({ length: 8 }, (_, seed) => {
    const factors = hashed(output.length, seed);
    return output.reduce((sum, value, index) => sum + value * (factors[index] ?? 0), 0);
  });
}

/** Gives every weight the values that the fixture's script gives it. */
function fill(model: Model, reach: number): void {
  for (const layer of flat(model.layers)) {
    for (const [index, weight] of layer.weights.entries()) {
      if (weight.shape.length > 0) weight.assign(new HostArray(valuesOf(layer, index, weight, reach), weight.shape));
    }
  }
}

function flat(layers: readonly Layer[]): readonly Layer[] {
  return layers.flatMap((layer) => (layer instanceof Sequential ? flat(layer.layers) : [layer]));
}

function valuesOf(layer: Layer, index: number, { name, shape, size }: Weight, reach: number): Float32Array {
  const seed = crc32(`${layer.name}/${index}`);
  if (shape.length > 1) {
    return hashed(size, seed, 0, Math.sqrt((reach * (shape.at(shape.at(-1) === 1 ? -2 : -1) ?? 1)) / size));
  }
  if (name.endsWith("variance")) return hashed(size, seed, 1, 0.5);
  return hashed(size, seed, /bias|beta|mean$/.test(name) ? 0 : 1, 0.1);
}

/** Numbers from `middle - scale` to `middle + scale` that any language makes alike. */
function hashed(count: number, seed: number, middle = 0, scale = 1): Float32Array {
  const numbers = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    let x = Math.imul(index, 2654435761) + seed;
    x ^= x >>> 16;
    x = Math.imul(x, 0x85ebca6b);
    x ^= x >>> 13;
    x = Math.imul(x, 0xc2b2ae35);
    x ^= x >>> 16;
    numbers[index] = middle + scale * ((x >>> 0) / 2 ** 31 - 1);
  }
  return numbers;
}

/** JSON with sorted keys, and numbers in one notation. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(",")}}`;
  }
  return typeof value === "number" && !Number.isInteger(value) ? value.toExponential(12) : JSON.stringify(value);
}
