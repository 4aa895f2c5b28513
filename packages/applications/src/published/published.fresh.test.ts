import { readFileSync } from "node:fs";
import { InvalidConfigError } from "@featuremap/tensor";
import { describe, expect, test, vi } from "vitest";
import * as networks from "../index.ts";
import type { PublishedFile } from "./published-file.ts";

/** What `tooling/fixtures/networks/published.py` tells of one call; without a file where Keras refuses it. */
interface Case {
  readonly network: string;
  readonly options: object;
  readonly file?: readonly [name: string, address: string, hash: string | null];
}

const cases = JSON.parse(readFileSync(new URL("published.golden.json", import.meta.url), "utf8")) as readonly Case[];

class Asked extends Error {
  readonly file: PublishedFile;

  constructor(file: PublishedFile) {
    super(`asked for ${file.name}`);
    this.file = file;
  }
}

// Ends a load where the network would begin.
vi.mock("#find-file", () => ({
  findFile: (_owner: string, file: PublishedFile) => Promise.reject(new Asked(file)),
}));
// The networks' layers have tests of their own.
vi.mock("@featuremap/layers", async (original) => {
  class Model {
    readonly dispose = (): void => undefined;
  }
  return { ...(await original<object>()), Model };
});

/** The file that a load would take; undefined where it refuses its options. */
async function askedFor({ network, options }: Case): Promise<Case["file"]> {
  const backbone = new Map<string, unknown>(Object.entries(networks)).get(network) as networks.Backbone;
  const error: unknown = await backbone.load({ ...options, weights: "imagenet" }).catch((cause: unknown) => cause);
  if (error instanceof InvalidConfigError) return undefined;
  if (!(error instanceof Asked)) throw error;
  const { path, name, hash } = error.file;
  return [name, `https://storage.googleapis.com/${path}`, hash ?? null];
}

/** Keras refuses these too, but not before the file is there. */
function isLate({ network, options }: Case): boolean {
  return network.startsWith("MobileNetV3") && JSON.stringify(options).includes("[80,80,1]");
}

describe("published weights", () => {
  test.for(cases)("$network $options: the file that Keras takes", async (entry) => {
    expect(await askedFor(entry)).toEqual(isLate(entry) ? undefined : entry.file);
  });

  test.for(["ResNet18", "ResNet34"])("%s has none", async (network) => {
    expect(await askedFor({ network, options: {} })).toBeUndefined();
  });
});
