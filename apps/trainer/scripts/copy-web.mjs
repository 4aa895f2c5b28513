// Puts the built page into the package, where `featuremap serve` finds it.
import { cpSync, existsSync, rmSync } from "node:fs";

const from = new URL("../../classifier/dist/", import.meta.url);
const to = new URL("../dist/web/", import.meta.url);
if (!existsSync(new URL("index.html", from))) {
  throw new Error("The page is not built. Run: pnpm --filter @featuremap/classifier build");
}
rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true });
