import type { Browser } from "playwright-core";
import { type PackageManager, createProject } from "../empty-project.ts";
import type { Bundler } from "./bundlers.ts";
import type { Answer, Sample } from "./sample.ts";

/** What came of a page. */
export interface PageOutcome extends Answer {
  /** What its console says at the level of warnings and errors, and errors that nobody caught. */
  readonly complaints: readonly string[];
}

declare const answer: Promise<Answer>;

/** Where pages are made and opened, and what they are asked. */
export interface PageSetting {
  readonly manager: PackageManager;
  /** Address of the registry that has the packages of this repository. */
  readonly registry: string;
  readonly sample: Sample;
  readonly browser: Browser;
}

/** Makes a page in an empty project with a bundler, opens it in a browser without WebGPU, and asks it. */
export async function askPage(
  bundler: Bundler,
  { manager, registry, sample, browser }: PageSetting,
): Promise<PageOutcome> {
  const project = await createProject(manager, registry);
  try {
    await project.install(["@featuremap/inference", ...bundler.packages]);
    const served = await bundler.serve(project, sample);
    const page = await browser.newPage();
    try {
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (["warning", "error"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.addInitScript(() => Object.defineProperty(navigator, "gpu", { value: undefined }));
      await page.goto(served.address, { timeout: 300_000 });
      await page.waitForFunction("'answer' in globalThis", undefined, { timeout: 120_000 }).catch((error: Error) => {
        throw new Error(`${error.message}\n${complaints.join("\n")}`);
      });
      return { ...(await page.evaluate(() => answer)), complaints };
    } finally {
      await page.close();
      await served.close();
    }
  } finally {
    await project.remove();
  }
}
