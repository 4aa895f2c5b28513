// Puts the built page into the package, where `featuremap serve` finds it, and the page of a single file beside it.
import { cpSync, existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const from = new URL("../../classifier/dist/", import.meta.url);
const to = new URL("../dist/web/", import.meta.url);
if (!existsSync(new URL("index.html", from))) {
  throw new Error("The page is not built. Run: pnpm --filter @featuremap/classifier build");
}
const standalone = new URL("standalone/", from);
rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true, filter: (source) => !source.startsWith(fileURLToPath(standalone).slice(0, -1)) });
cpSync(new URL("index.html", standalone), new URL("../standalone.html", to));
