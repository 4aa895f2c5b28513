import { loadSharp } from "../../drawing/load-sharp.ts";
import { type Finding, problemOf } from "./finding.ts";

/** Whether pictures other than JPEG and BMP can be read, and reports drawn. */
export async function checkSharp(load: () => Promise<unknown> = loadSharp): Promise<readonly Finding[]> {
  try {
    await load();
    return [];
  } catch (error) {
    return [problemOf("packages", error)];
  }
}
