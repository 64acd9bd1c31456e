import type { BillLine } from '../bill.ts';
import { PRICES } from '../prices.ts';

/** Verified again in a night. */
export const ARCHIVES = 1_000;
/** Lambdas that do so at once. */
export const AT_ONCE = 40;
/** GB: four times what a verification needs, and more processor than it uses. */
const MEMORY = 0.5;
/** GB with one processor of its own, which inflating a dump takes whole. AWS Lambda guide, "Configure memory". */
const DUMP_MEMORY = 1_769 / 1_024;
/** Of each archive's dump, packed. */
export const DUMP_GIGABYTES = 1;

/** What one verification took. */
export interface OneVerification {
  readonly seconds: number;
  readonly requests: number;
  /** To read a gigabyte of a dump, packed, to its end. */
  readonly secondsOfDump: number;
  /** Of S3 for it. */
  readonly requestsOfDump: number;
}

/** What AWS would charge for a night. Bytes cost nothing within a region, by the gateway endpoint of S3. */
export const billNight = ({
  seconds,
  requests,
  secondsOfDump,
  requestsOfDump,
}: OneVerification): BillLine[] => [
  {
    what: 'S3: reads of headers',
    amount: ARCHIVES * requests,
    because: `${ARCHIVES} archives × ${requests}`,
    price: PRICES.s3Read,
  },
  {
    what: 'Lambda: GB-seconds of headers',
    amount: ARCHIVES * seconds * MEMORY,
    because: `${ARCHIVES} archives × ${round(seconds)} s × ${MEMORY} GB`,
    price: PRICES.lambdaGigabyteSecond,
  },
  {
    what: 'S3: reads of dumps',
    amount: ARCHIVES * DUMP_GIGABYTES * requestsOfDump,
    because: `${ARCHIVES} archives × ${DUMP_GIGABYTES} GB × ${round(requestsOfDump)}`,
    price: PRICES.s3Read,
  },
  {
    what: 'Lambda: GB-seconds of dumps',
    amount: ARCHIVES * DUMP_GIGABYTES * secondsOfDump * DUMP_MEMORY,
    because: `${ARCHIVES} archives × ${DUMP_GIGABYTES} GB × ${round(secondsOfDump)} s × ${round(DUMP_MEMORY)} GB`,
    price: PRICES.lambdaGigabyteSecond,
  },
  {
    what: 'Lambda: calls',
    amount: 2 * ARCHIVES,
    because: `${ARCHIVES} archives × 2`,
    price: PRICES.lambdaRequest,
  },
];

const round = (value: number): number => Number(value.toPrecision(3));
