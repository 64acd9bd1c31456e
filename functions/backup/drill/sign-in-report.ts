import * as z from 'zod';
import type { RestoreFinding } from '../../records/backup/restore.ts';
import { readReportLines } from '../job/report-lines.ts';
import { SIGN_IN_MARK } from './sign-in-script.ts';

/** Reads what the pod found that asked for the sign-in page. */

const Line = z.strictObject({
  drydock: z.literal('sign-in'),
  host: z.string().min(1).max(253),
  status: z.int().min(0).max(599),
});

/** A redirect to single sign-on, and what GitLab answers to strangers whom it limits, are answers of GitLab as well. */
const isAlive = (status: number): boolean =>
  (status >= 200 && status < 400) || [401, 403, 429].includes(status);

type SignInFinding = Omit<RestoreFinding, 'step'>;

/** One finding a service. Only a line that says so passes: of a pod that was killed, the rest counts as failed. */
export const readSignIn = (log: string, hosts: readonly string[]): SignInFinding[] => {
  const lines = readReportLines(log, SIGN_IN_MARK, Line);
  return hosts.map((host) => {
    const status = lines.find((line) => line.host === host)?.status;
    return status !== undefined && isAlive(status)
      ? finding('pass', `The sign-in page of ${host} answers (${status}).`)
      : finding('fail', `The sign-in page of ${host} does not answer${explain(status)}.`);
  });
};

const explain = (status: number | undefined): string => {
  if (status === undefined) return ': nothing was said of it';
  return status === 0 ? ': nobody is there' : `: ${status}`;
};

const finding = (result: SignInFinding['result'], message: string): SignInFinding => ({
  check: 'sign-in',
  result,
  message,
});
