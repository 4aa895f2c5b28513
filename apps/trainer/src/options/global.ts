/** Options of every command, which say what is done with the others; they stand in no config file. */
export const globalOptions = {
  config: {
    kind: "text",
    group: "General",
    description: "config file to read",
    placeholder: "file",
    completes: "file",
    defaultIs: "featuremap.config.* in this folder, where there is one",
  },
  printConfig: {
    kind: "flag",
    group: "General",
    description: "print each option's value and where it comes from, and do nothing else",
  },
  help: { kind: "flag", group: "General", description: "print this" },
  version: { kind: "flag", group: "General", description: "print the version" },
} as const;

/** Options that one letter stands for. */
export const shortNames: Readonly<Record<string, keyof typeof globalOptions>> = { h: "help", v: "version" };
