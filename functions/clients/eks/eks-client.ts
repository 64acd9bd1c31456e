import { EKSClient } from '@aws-sdk/client-eks';

/**
 * Adaptive mode slows this client down by itself once EKS throttles: the limits are per account and region, so every
 * cluster that is checked at the same time draws on them. A connection that hangs is given up and tried again.
 */
const SETTINGS = {
  retryMode: 'adaptive',
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
} as const;

const clients = new Map<string, EKSClient>();

/** The one client of a region in this process: its connections and its pace are shared. */
export const useEks = (region: string): EKSClient => {
  const client = clients.get(region) ?? new EKSClient({ ...SETTINGS, region });
  clients.set(region, client);
  return client;
};

/** A call with all its pages and retries is over within this time, or never. */
const DEADLINE_MS = 60_000;

/** Ends with the caller's own signal, or when the time of one call is over. */
export const limitTime = (signal: AbortSignal | undefined): { readonly abortSignal: AbortSignal } => {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  return { abortSignal: signal ? AbortSignal.any([signal, deadline]) : deadline };
};
