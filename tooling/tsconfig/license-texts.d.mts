/** What a README says under its heading of a licence. */
export declare function licenseInReadme(text: string): string | undefined;
/** The notice that begins a module. */
export declare function licenseInCode(code: string): string | undefined;
/** The licences of what Vite has bundled, also of packages that have no file of it. */
export declare function withLicenses(
  text: string,
  find?: (name: string, version: string) => string | undefined,
): string;
/** A plugin of Vite that completes the licences beside what it has built. */
export declare function completeLicenses(fileName: string): {
  name: string;
  writeBundle(options: { readonly dir?: string }): void;
};
