import { readdir } from "node:fs/promises";

/** Where runs go that are given no folder. */
export const usualRunsFolder = "runs";

/** Numbers of the runs of that name. */
export async function numbersOf(runs: string, stem: string): Promise<number[]> {
  const names = await readdir(runs).catch(() => []);
  return names.flatMap((each) => {
    const number = each.startsWith(`${stem}-`) ? each.slice(stem.length + 1) : "";
    return /^\d{1,9}$/.test(number) ? [Number(number)] : [];
  });
}

/** A name as a folder can have it. */
export function folderName(name: string): string {
  const plain = name.replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, "-").replace(/^[.\s]+|[.\s]+$/g, "");
  return plain === "" ? "run" : plain;
}
