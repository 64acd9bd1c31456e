import type { BackupSet } from '../../records/backup/set.ts';
import type { VerificationReason } from '../../records/backup/verification.ts';
import { expectParts, type Policy } from './expected-parts.ts';
import type { PartFacts, PartRule } from './part-rule.ts';
import { judgeBuckets } from './rules/buckets.ts';
import { judgeDatabase } from './rules/database.ts';
import { judgeGitaly } from './rules/gitaly.ts';
import { judgeOrder } from './rules/order.ts';
import { judgeProblems } from './rules/problems.ts';
import { judgeRecoveryPoints } from './rules/recovery-points.ts';
import { judgeSecrets } from './rules/secrets.ts';

const RULES: readonly PartRule[] = [
  judgeProblems,
  judgeDatabase,
  judgeBuckets,
  judgeGitaly,
  judgeRecoveryPoints,
  judgeOrder,
  judgeSecrets,
];

/**
 * Judges everything of a set that is no archive: points in time of its database, versions of its buckets, repositories
 * that Gitaly keeps, recovery points and secrets. Of both kinds of set; an archive is judged by its content.
 *
 * @param set its manifest, with the marks.
 * @param policy what it must have, as drydock.yaml says it.
 * @returns in the order of the rules; none when nothing speaks against it.
 */
export const judgeParts = (set: BackupSet, policy: Policy, facts: PartFacts): VerificationReason[] => {
  const look = { ...facts, set, policy, expected: expectParts(policy) };
  return RULES.flatMap((rule) => rule(look));
};
