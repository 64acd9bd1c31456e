import type { BillLine } from '../bill.ts';
import { PRICES } from '../prices.ts';

/** Verified again in a night. */
export const ARCHIVES = 1_000;
/** That upkeep reads at once: the Map of its machine. */
export const AT_ONCE = 8;
/** MB of the Lambda that reads: one processor of its own, which inflating a dump takes whole. */
export const MEMORY_MB = 1_769;
const MEMORY = MEMORY_MB / 1_024;
/** States of one reading: an item of the Map, and an execution of its own in which the other parts are looked at first. */
export const TRANSITIONS = 1 + 10;
/** Of Lambdas in it: the one that reads is asked, the parts are looked at, and it is asked again. */
export const CALLS = 3;
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
    because: `${ARCHIVES} archives × ${round(seconds)} s × ${round(MEMORY)} GB`,
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
    amount: ARCHIVES * DUMP_GIGABYTES * secondsOfDump * MEMORY,
    because: `${ARCHIVES} archives × ${DUMP_GIGABYTES} GB × ${round(secondsOfDump)} s × ${round(MEMORY)} GB`,
    price: PRICES.lambdaGigabyteSecond,
  },
  {
    what: 'Lambda: calls',
    amount: CALLS * ARCHIVES,
    because: `${ARCHIVES} archives × ${CALLS}`,
    price: PRICES.lambdaRequest,
  },
  {
    what: 'Step Functions: state transitions',
    amount: TRANSITIONS * ARCHIVES,
    because: `${ARCHIVES} archives × ${TRANSITIONS}`,
    price: PRICES.stateTransition,
  },
];

const round = (value: number): number => Number(value.toPrecision(3));
