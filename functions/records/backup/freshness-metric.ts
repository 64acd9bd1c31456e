/**
 * The age of the last verified backup as CloudWatch knows it: written by the look at freshness, watched by an alarm that
 * treats missing data as breaching, so that the silence of whoever writes it alarms as well.
 */
export const FRESHNESS_METRIC = { namespace: 'Drydock/Backup', name: 'VerifiedBackupAge' } as const;

/** Seconds between two looks; one value a metric comes with each. */
export const FRESHNESS_PERIOD_SECONDS = 15 * 60;

/** Of one policy; without one, of the environment as a whole, by the sets that bring a whole GitLab back. */
export const freshnessDimensions = (environment: string, policy?: string): Record<string, string> =>
  policy === undefined ? { Environment: environment } : { Environment: environment, Policy: policy };
