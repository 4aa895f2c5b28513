import { isIP } from "node:net";

/**
 * Whether a request's Host header names this server.
 *
 * A page from elsewhere may point its own name at this machine and then ask as if it were from here (DNS rebinding): the
 * name in the header is still its own. Addresses in numbers are safe, since no name was looked up for them.
 *
 * @param header as it came: "localhost:4180"
 * @param allowed names besides localhost; one that begins with a dot stands for all below it too, as in Vite
 */
export function isAllowedHost(header: string | undefined, allowed: readonly string[]): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(header ?? "") ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6;
  const name = (plain ?? "").toLowerCase();
  if (name === "localhost" || name.endsWith(".localhost") || isIP(name) === 4) return true;
  return allowed.some((entry) => {
    const known = entry.toLowerCase();
    return (
      known !== "" && (name === known || (known.startsWith(".") && (name === known.slice(1) || name.endsWith(known))))
    );
  });
}
