/**
 * How `changeset version` writes changelogs: the sentences of each changeset, without the hash of a commit, and no list of packages
 * that have got the same version, since all have.
 */
module.exports = {
  /** @param {{ readonly summary: string }} changeset */
  getReleaseLine: async ({ summary }) => {
    const [first, ...rest] = summary.trim().split(/\r?\n/);
    return [`- ${first}`, ...rest.map((line) => (line === "" ? "" : `  ${line}`))].join("\n");
  },
  getDependencyReleaseLine: async () => "",
};
