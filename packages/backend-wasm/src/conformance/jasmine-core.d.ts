/** The parts of jasmine-core that the runner of the specs uses; the package brings no types. */
declare module "jasmine-core" {
  export interface SpecResult {
    readonly fullName: string;
    readonly status: "passed" | "failed" | "pending" | "excluded";
    readonly duration: number | null;
    readonly failedExpectations: readonly { readonly message: string; readonly stack?: string }[];
  }

  export interface Environment {
    configure(options: { random: boolean; specFilter: (spec: { getFullName(): string }) => boolean }): void;
    addReporter(reporter: { specDone(result: SpecResult): void }): void;
    execute(): Promise<unknown>;
  }

  const jasmineRequire: {
    /** Installs `describe`, `it` and the others as globals. */
    boot(): { DEFAULT_TIMEOUT_INTERVAL: number; getEnv(): Environment };
  };
  export default jasmineRequire;
}
