import type { RecoveryPointState, RecoveryPoints } from '../../clients/recovery-points.ts';
import type { BackupPart } from '../../records/backup/set-parts.ts';
import type { ExpectedParts } from './expected-parts.ts';
import { joinLooks, type Looked, lookAt, marked, problem } from './looked.ts';
import { recoveryPointSubject } from './subjects.ts';

type Named = ExpectedParts['recoveryPoints'][number];

/** Takes the newest recovery point of each resource that drydock.yaml names. */
export const markRecoveryPoints = async (
  named: readonly Named[],
  points: RecoveryPoints,
  signal?: AbortSignal,
): Promise<Looked> => joinLooks(await Promise.all(named.map((one) => markOne(one, points, signal))));

const markOne = (
  { vault, resource }: Named,
  points: RecoveryPoints,
  signal: AbortSignal | undefined,
): Promise<Looked> => {
  const subject = recoveryPointSubject(resource);
  return lookAt(subject, codeOf, async () => {
    const [newest] = await points.list(vault, resource, signal);
    return newest
      ? marked(describePoint(newest))
      : problem(
          'recovery-point-missing',
          subject,
          `Vault ${vault} has no finished recovery point of ${resource} with a moment of its own.`,
        );
  });
};

export const codeOf = (code: string) =>
  code === 'aws-backup.missing' ? 'recovery-point-missing' : 'recovery-point-unknown';

export const describePoint = (point: RecoveryPointState): BackupPart => ({
  kind: 'recovery-point',
  ...point,
});
