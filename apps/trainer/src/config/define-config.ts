import type { Commands } from "../options/command.ts";
import type { WrittenArguments, WrittenOptions } from "../options/option.ts";
import type { sharedOptions } from "../options/shared.ts";

/** What stands in the config file for one command: its options, and the words that follow its name. */
export type CommandConfig<Name extends keyof Commands> = WrittenOptions<Commands[Name]["options"]> &
  WrittenArguments<Commands[Name]["arguments"]>;

/** Commands of two words: `data info`. */
type OfSubject = Extract<keyof Commands, `${string} ${string}`>;
type SubjectOf<Name> = Name extends `${infer Subject} ${string}` ? Subject : never;
type WordOf<Name> = Name extends `${string} ${infer Word}` ? Word : never;

/**
 * What `featuremap.config.ts` exports, and what the JSON and YAML files hold.
 *
 * Options that several commands share stand beside the commands or in one of them, which then counts for that command.
 * Paths are from where the command runs.
 */
export type FeaturemapConfig = WrittenOptions<typeof sharedOptions> & {
  readonly [Name in Exclude<keyof Commands, OfSubject>]?: CommandConfig<Name> | undefined;
} & {
  readonly [Subject in SubjectOf<OfSubject>]?:
    | {
        readonly [Name in Extract<OfSubject, `${Subject} ${string}`> as WordOf<Name>]?: CommandConfig<Name> | undefined;
      }
    | undefined;
};

/** Gives the config back as it is; an editor knows by it what may stand there. */
export function defineConfig(config: FeaturemapConfig): FeaturemapConfig {
  return config;
}
