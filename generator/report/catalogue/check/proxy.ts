/** The x-proxy vocabulary. */
export const proxyDiagnostics = {} as const
