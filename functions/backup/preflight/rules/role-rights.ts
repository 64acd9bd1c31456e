import {
  definePreflightRule,
  notChecked,
  type PreflightVerdict,
  pass,
  refuse,
  warn,
} from '../preflight-rule.ts';
import { keyOf, type RequiredRight, requiredRights, type SimulatedRight } from '../required-rights.ts';

/**
 * What IAM says of the role that the backup runs under. The tool skips a bucket that it may not list and ends with 0.
 *
 * Source: IAM API reference, `SimulatePrincipalPolicy`.
 */
export const roleRights = definePreflightRule({
  code: 'role-rights',
  title: 'The role of the backup may read what it backs up and write where it goes',
  ifUnknown: 'go-on',
  concerns: 'job',
  fact: ({ rights }) => rights,
  learn: 'Give this function iam:SimulatePrincipalPolicy on the role of the backup.',
  judge: (simulated, { places, backupRole }) => {
    const answers = new Map<string, SimulatedRight[]>();
    for (const answer of simulated) {
      answers.set(keyOf(answer), [...(answers.get(keyOf(answer)) ?? []), answer]);
    }
    const needed = requiredRights(places);
    const found = [
      ...needed.flatMap((right) => judge(right, answers.get(keyOf(right)) ?? [], backupRole)),
      ...[places.unknownSources ?? [], places.unknownKeys ?? []]
        .flat()
        .map((why) => notChecked(`Not every bucket and key of the backup is known: ${why}.`, SEE_PROBE)),
    ];
    return found.length > 0
      ? found
      : [pass(`All ${needed.length} rights are in the policies of ${backupRole}.`)];
  },
});

const SEE_PROBE = 'See what the probe found.';

const judge = (
  { action, resource, neededBy }: RequiredRight,
  answers: readonly SimulatedRight[],
  role: string,
): PreflightVerdict[] => {
  const what = `${action} on ${resource}`;
  const give = `Give ${role} ${what}.`;
  const denied = answers.find(({ decision }) => decision !== 'allowed');
  const isSure = answers.every(({ missingContext }) => missingContext.length === 0);
  if (denied === undefined && answers.length > 0 && isSure) return [];
  if (denied === undefined || !isSure) {
    const keys = [...new Set(answers.flatMap(({ missingContext }) => missingContext))].join(', ');
    const why =
      answers.length === 0 ? 'IAM was not asked' : `its policies ask for ${keys}, which nobody told IAM`;
    return [notChecked(`Whether ${role} may ${what} is not known: ${why}.`, SEE_PROBE)];
  }
  const how = denied.decision === 'explicitDeny' ? 'A policy denies it' : 'No policy allows it';
  const mend = denied.decision === 'explicitDeny' ? `Find the Deny on ${what} and narrow it.` : give;
  if (neededBy === 'restore') {
    return [warn(`${role} may not ${what}. ${how}. The backup does without, its restore does not.`, mend)];
  }
  const silent = action === 's3:ListBucket' ? ' The tool would skip the bucket and say nothing.' : '';
  return [refuse(`${role} may not ${what}. ${how}.${silent}`, mend)];
};
