import type { TestProject } from "vitest/node";
import { publishPackages } from "../../release/registry/publish.mjs";
import { type Registry, startRegistry } from "../../release/registry/registry.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the registry in which every package of this repository is published. */
    registry: string;
  }
}

let registry: Registry | undefined;

/** Publishes all packages to a registry of this run's own, unless the rehearsal has done so and tells where. */
export async function setup(project: TestProject): Promise<void> {
  const published = process.env["FEATUREMAP_REGISTRY"];
  if (published === undefined) {
    registry = await startRegistry();
    await publishPackages(registry).catch(async (error: Error) => {
      await registry?.close();
      throw error;
    });
  }
  project.provide("registry", published ?? registry?.address ?? "");
}

export async function teardown(): Promise<void> {
  await registry?.close();
}
