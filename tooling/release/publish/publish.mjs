/* Publishes what `pack.mjs` packed: `node tooling/release/publish/publish.mjs FOLDER`. It needs Node and npm, and nothing installed. */
import { resolve } from "node:path";
import { UsageError } from "../rehearsal/options.mjs";
import { runStep } from "./failures.mjs";
import { publishedPackages } from "./packages.mjs";
import { publishAll } from "./publish-all.mjs";

await runStep(async () => {
  const [target, ...more] = process.argv.slice(2);
  if (target === undefined || target.startsWith("-") || more.length > 0) {
    throw new UsageError("npm run release:publish -- FOLDER: say which folder holds the packed packages.");
  }
  await publishAll(
    resolve(target),
    publishedPackages().map(({ name }) => name),
  );
});
