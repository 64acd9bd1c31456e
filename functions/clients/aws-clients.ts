/** What the clients of AWS services have in common, without any SDK. */

/**
 * Adaptive mode slows a client down by itself once the service throttles: limits are per account and region, so every
 * cluster that is looked at in the same moment draws on them. A connection that hangs is given up and tried again.
 */
export const AWS_SETTINGS = {
  retryMode: 'adaptive',
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
} as const;

/** One client for each region in this process: its connections and its pace are shared. */
export const perRegion = <Client>(make: (region: string) => Client): ((region: string) => Client) => {
  const clients = new Map<string, Client>();
  return (region) => {
    const client = clients.get(region) ?? make(region);
    clients.set(region, client);
    return client;
  };
};

/** A call with all its pages and retries is over within this time, or never. */
const DEADLINE_MS = 30_000;

/** Ends with the caller's own signal, or when the time of one call is over. */
export const limitTime = (signal: AbortSignal | undefined): { readonly abortSignal: AbortSignal } => {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  return { abortSignal: signal ? AbortSignal.any([signal, deadline]) : deadline };
};
