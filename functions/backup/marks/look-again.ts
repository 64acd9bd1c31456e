import { mapBounded } from '../../clients/bounded.ts';
import type { BucketFacts } from '../../clients/bucket-facts.ts';
import type { Databases } from '../../clients/databases.ts';
import type { RecoveryPoints } from '../../clients/recovery-points.ts';
import type { SetReference } from '../../records/backup/run.ts';
import type { BackupPart } from '../../records/backup/set-parts.ts';
import { joinLooks, type Looked, lookAt, marked, problem } from './looked.ts';
import { markBucket } from './mark-buckets.ts';
import { codeOf, describePoint } from './mark-recovery-points.ts';
import { nameSnapshot } from './snapshot-name.ts';
import { recoveryPointSubject, THE_DATABASE } from './subjects.ts';

/** Parts of a finished set, looked at once more: snapshots are deleted, versions expire, a vault empties itself. */

/** Whom to ask. */
export interface MarkSources {
  readonly databases: Databases;
  readonly buckets: BucketFacts;
  readonly recoveryPoints: RecoveryPoints;
}

type Of<Kind extends BackupPart['kind']> = Extract<BackupPart, { kind: Kind }>;

const WIDTH = 4;

/** Looks at every part but the archive and the repositories; the moments that they hold stay as they are. */
export const lookAgain = async (
  set: SetReference,
  parts: readonly BackupPart[],
  sources: MarkSources,
  signal?: AbortSignal,
): Promise<Looked> =>
  joinLooks(
    await mapBounded(parts, WIDTH, async (part) => {
      if (part.kind === 'database') return lookAtSnapshot(set, part, sources, signal);
      if (part.kind === 'bucket') return lookAtBucket(part, sources, signal);
      return part.kind === 'recovery-point' ? lookAtRecoveryPoint(part, sources, signal) : marked();
    }),
  );

/** A point in time ends with the retention of RDS, and nothing is promised of it; a snapshot stays. */
const lookAtSnapshot = async (
  set: SetReference,
  part: Of<'database'>,
  { databases }: MarkSources,
  signal: AbortSignal | undefined,
): Promise<Looked> => {
  const { snapshot, instance } = part;
  if (!snapshot) return marked(part);
  // The database itself may be gone; its snapshot says of what kind it was.
  const kind = snapshot.arn.includes(':cluster-snapshot:') ? 'cluster' : 'instance';
  const look = await lookAt(THE_DATABASE, 'database-unknown', async () => {
    const found = await databases.findSnapshot({ kind, identifier: instance }, nameSnapshot(set), signal);
    if (found?.status === 'available' && found.arn === snapshot.arn) return marked();
    const how = found ? `is ${found.status}` : 'is there no more';
    return problem('snapshot-gone', THE_DATABASE, `Snapshot ${snapshot.arn} ${how}.`);
  });
  return { ...look, parts: [part] };
};

/** What it does with versions now decides; what it was to lead back to stays. */
const lookAtBucket = async (
  part: Of<'bucket'>,
  { buckets }: MarkSources,
  signal: AbortSignal | undefined,
): Promise<Looked> => {
  const { component, bucket, at, takenAt } = part;
  const look = await markBucket(component, bucket, new Date(at), buckets, signal);
  const [seen] = look.parts;
  return { ...look, parts: [seen ? { ...seen, takenAt } : part] };
};

const lookAtRecoveryPoint = async (
  part: Of<'recovery-point'>,
  { recoveryPoints }: MarkSources,
  signal: AbortSignal | undefined,
): Promise<Looked> => {
  const { vault, resource, arn } = part;
  const subject = recoveryPointSubject(resource);
  const look = await lookAt(subject, codeOf, async () => {
    const there = (await recoveryPoints.list(vault, resource, signal)).find((one) => one.arn === arn);
    return there
      ? marked(describePoint(there))
      : problem('recovery-point-missing', subject, `Vault ${vault} holds ${arn} no more.`);
  });
  return look.parts.length > 0 ? look : { ...look, parts: [part] };
};
