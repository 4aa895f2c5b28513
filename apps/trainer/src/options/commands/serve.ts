/** `featuremap serve [bundle]` */
export const serveArguments = [
  {
    name: "bundle",
    description: "a saved model, a run, or last; if left out, the page asks for it",
    required: false,
    suggestions: ["last"],
    completes: "file",
  },
] as const;

export const serveOptions = {
  port: {
    kind: "integer",
    group: "Server",
    description: "port to listen on; 0 takes any free one",
    minimum: 0,
    maximum: 65_535,
    default: 4180,
  },
  host: {
    kind: "text",
    group: "Server",
    description: "address to listen on",
    placeholder: "name",
    default: "127.0.0.1",
    defaultIs: "127.0.0.1, this machine only",
  },
  allowedHosts: {
    kind: "list",
    group: "Server",
    description: "additional names to answer under, separated by commas",
    placeholder: "names",
  },
} as const;
