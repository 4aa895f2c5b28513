/** `featuremap completions <shell>` */
export const completionsArguments = [
  { name: "shell", description: "the shell to write for", required: true, choices: ["bash", "zsh", "fish"] },
] as const;
