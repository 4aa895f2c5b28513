/* Names the release workflow as trusted publisher of every package: once, by a maintainer who has run `npm login`. */
import { runProcess } from "../processes.mjs";
import { publishedPackages } from "./packages.mjs";

const publisher = ["--repo", "featuremap/featuremap", "--file", "release.yml", "--env", "npm", "--allow-publish"];
const failed = [];
for (const { name } of publishedPackages()) {
  const { code } = await runProcess("npm", ["trust", "github", name, ...publisher, "--yes"], {
    shell: process.platform === "win32",
  });
  if (code !== 0) failed.push(name);
}
if (failed.length > 0) console.error(`Not set: ${failed.join(", ")}. "npm trust list NAME" shows what is.`);
process.exitCode = failed.length === 0 ? 0 : 1;
