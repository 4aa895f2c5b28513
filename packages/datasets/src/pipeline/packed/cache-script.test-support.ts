import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Dataset } from "../dataset.ts";

/** Elements of 256 KB, of which their index is all there is to know. */
export const keptCount = 200;
const bytes = 2 ** 18;

/** They fill a pack and a part of another. @param onMade hears of each that is made */
export function keptElements(directory: string, onMade: () => void): Dataset<{ data: Uint8Array; index: number }> {
  const indices = Array.from({ length: keptCount }, (_, index) => index);
  const make = (index: number): { data: Uint8Array; index: number } => {
    onMade();
    return { data: new Uint8Array(bytes).fill(index % 251), index };
  };
  return Dataset.from(indices).map(make, { concurrency: 4 }).cache({ directory, key: "1", memory: 0 });
}

/** Goes through the elements. @returns how many are what they should be, and how many were made for it */
export async function readKept(directory: string): Promise<{ right: number; made: number }> {
  let [right, made] = [0, 0];
  for await (const { data, index } of keptElements(directory, () => made++)) {
    if (Buffer.compare(data, new Uint8Array(bytes).fill(index % 251)) === 0) right++;
  }
  return { right, made };
}

/** Ends the process while a pack is being written, when one has been written before. */
function killInWriting(directory: string): void {
  const names = readdirSync(directory);
  const temporary = names.find((name) => name.endsWith(".tmp"));
  const written = temporary === undefined ? undefined : statSync(join(directory, temporary), { throwIfNoEntry: false });
  if ((written?.size ?? 0) > 0 && names.some((name) => name.endsWith(".pack"))) process.kill(process.pid, "SIGKILL");
  setImmediate(() => killInWriting(directory));
}

const [task, directory = ""] = process.argv.slice(2);
if (task === "killed") killInWriting(directory);
if (task === "read" || task === "killed") process.stdout.write(`${JSON.stringify(await readKept(directory))}\n`);
