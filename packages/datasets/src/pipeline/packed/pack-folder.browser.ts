import { UnavailableError } from "@featuremap/tensor";
import type * as node from "./pack-folder.node.ts";

/** A page has no disk. */
export const openPackFolder: typeof node.openPackFolder = (folder) => {
  const remedy = "Keep elements in memory, or do this in Node.";
  throw new UnavailableError(`A page cannot use the disk (${folder})`, remedy);
};

export const wholePath: typeof node.wholePath = (path) => path;

export const originOf: typeof node.originOf = () => Promise.resolve(undefined);

export const freeBytes: typeof node.freeBytes = () => Promise.resolve(0);

export const keptBytes: typeof node.keptBytes = () => Promise.resolve(0);

export const readPackSync: typeof node.readPackSync = (path) => {
  throw new UnavailableError(`A page cannot use the disk (${path})`, "Do this in Node.");
};
