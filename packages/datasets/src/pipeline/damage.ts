import { ElementError } from "./element-error.ts";

/** The code of errors that say that a file is damaged, or not of the kind it should be. */
const damagedCode = "INVALID_FORMAT";

/** Whether an element could not be made because its file is damaged, which others may do without. */
export function isDamage(error: unknown): boolean {
  return codeOf(innermost(error)) === damagedCode;
}

/** Name, code and message of an error, in plain JSON. */
export function faultOf(error: unknown): { readonly name: string; readonly code: string; readonly message: string } {
  const inner = innermost(error);
  const { name, message } = inner instanceof Error ? inner : new Error(String(inner));
  return { name, code: codeOf(inner) ?? "ELEMENT_FAILED", message };
}

/** What was thrown to begin with. */
export function innermost(error: unknown): unknown {
  return error instanceof ElementError ? innermost(error.cause) : error;
}

function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : undefined;
}
