import { join } from "node:path";

/** Folder of what all peers read. @param {string} cache */
export const dataFolder = (cache) => join(cache, "data");
