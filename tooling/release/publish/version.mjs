/* Gives pending changes a version, and writes them into the changelogs: what the version pull request consists of. */
import { runProcess } from "../processes.mjs";
import { install, root, toolEnvironment } from "../workspace.mjs";

if ((await install()) !== 0) process.exit(1);
for (const [command, ...parameters] of [["changeset", "version"], ["oxfmt"]]) {
  const { code } = await runProcess(command ?? "", parameters, {
    cwd: root,
    env: toolEnvironment,
    shell: process.platform === "win32",
  });
  if (code !== 0) process.exit(code);
}
