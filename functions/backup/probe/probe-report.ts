import * as z from 'zod';
import { readReportLines } from '../job/report-lines.ts';
import type { ProbeFact } from '../preflight/facts.ts';
import { PROBE_MARK } from './probe-script.ts';

/** Reads what the pod of the probe wrote. */

const Result = { exit: z.int().min(0).max(255), code: z.string().regex(/^[A-Za-z0-9.]{0,60}$/) };
const IdentityLine = z.strictObject({
  drydock: z.literal('probe'),
  identity: z.string().max(600),
  ...Result,
});
const BucketLine = z.strictObject({
  drydock: z.literal('probe'),
  bucket: z.string().min(3).max(63),
  ...Result,
});

type Seen = ProbeFact['listed'][string];

/**
 * What the lines say. A line that is not whole, as of a pod that was killed, says nothing, and a bucket without a line
 * of its own was not looked at. Of two lines about one bucket the worse one counts.
 *
 * @returns undefined when there is no line of the probe at all.
 */
export const readProbeReport = (log: string): ProbeFact | undefined => {
  const listed: Record<string, Seen> = {};
  let who: Pick<ProbeFact, 'identity' | 'unknown'> | undefined;
  for (const line of readReportLines(log, PROBE_MARK, z.union([IdentityLine, BucketLine]))) {
    if ('identity' in line) {
      who ??= readIdentity(line);
      continue;
    }
    const { bucket, exit, code } = line;
    const seen = judge(exit, code);
    const before = Object.hasOwn(listed, bucket) ? listed[bucket] : undefined;
    if (before === undefined || WORSE.indexOf(seen) > WORSE.indexOf(before)) listed[bucket] = seen;
  }
  if (who === undefined && Object.keys(listed).length === 0) return undefined;
  return { ...(who ?? { unknown: 'its log says nothing of it' }), listed };
};

const WORSE: readonly Seen[] = ['listed', 'failed', 'absent', 'denied'];

/** An ARN, as STS writes those of sessions and users. */
const ARN = /^arn:aws[a-z-]*:(sts|iam)::\d{12}:\S+$/;

const readIdentity = ({
  identity,
  exit,
  code,
}: z.output<typeof IdentityLine>): Pick<ProbeFact, 'identity' | 'unknown'> => {
  if (exit === 0 && ARN.test(identity)) return { identity };
  if (exit === NO_TOOL) return { unknown: 'its image has no aws' };
  return { unknown: `aws sts get-caller-identity ended with ${exit}${code && ` (${code})`}` };
};

/** Of a shell that finds no such program. */
const NO_TOOL = 127;

/** Source: S3 API reference, "List of error codes". Wrong keys are no missing right, and a timeout says nothing. */
const judge = (exit: number, code: string): Seen => {
  if (exit === 0) return 'listed';
  if (/^(AccessDenied|AllAccessDisabled)$/.test(code)) return 'denied';
  return code === 'NoSuchBucket' ? 'absent' : 'failed';
};
