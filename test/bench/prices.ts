/**
 * List prices in USD of eu-central-1, as of 2026-11, without free tiers and discounts. They change: check them at
 * https://aws.amazon.com/pricing/ before you rely on a sum.
 */

const THOUSAND = 1_000;
const MILLION = 1_000_000;

export const PRICES_AS_OF = '2026-11, eu-central-1, list prices, to be checked';

/** Hours of a month as AWS's own calculator counts them. */
export const HOURS_A_MONTH = 730;

export const PRICES = {
  stateTransition: 0.025 / THOUSAND,
  lambdaRequest: 0.2 / MILLION,
  /** arm64, first tier. */
  lambdaGigabyteSecond: 0.0000133334,
  s3Write: 0.0054 / THOUSAND,
  s3Read: 0.00043 / THOUSAND,
  sqsRequest: 0.4 / MILLION,
  snsPublish: 0.5 / MILLION,
  httpApiRequest: 1.2 / MILLION,
  secretsManagerRequest: 0.05 / (10 * THOUSAND),
  schedulerInvocation: 1 / MILLION,
  xrayTrace: 5 / MILLION,
  logGigabyte: 0.63,
  keyMonth: 1,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  /** A metric of one's own, first tier. */
  metricMonth: 0.3,
  /** PutMetricData. */
  metricWrite: 0.01 / THOUSAND,
  secretMonth: 0.4,
  /** One interface endpoint in one availability zone. */
  endpointHour: 0.012,
} as const;
