import { BUCKET_COMPONENTS } from '../../records/backup/components.ts';
import type { ReleaseFacts } from '../../records/backup/release-facts.ts';
import type { BackupSubject } from '../backup-subject.ts';

export type Policy = Pick<BackupSubject, 'settings' | 'policySettings'>;
export type BucketComponent = (typeof BUCKET_COMPONENTS)[number];

/** What of a set, beside its archive, must be there. */
export interface ExpectedParts {
  /** `required`: the set has no other copy of it. `wanted`: its archive has one. */
  readonly database: 'required' | 'wanted' | 'none';
  /** Components that are protected by the versions of their buckets; some of them may be switched off. */
  readonly buckets: readonly BucketComponent[];
  readonly gitaly: boolean;
  readonly recoveryPoints: Policy['settings']['recoveryPoints'];
}

/** An archive leaves `versions` to their buckets, a native set everything that is not skipped. */
export const expectParts = ({ settings, policySettings }: Policy): ExpectedParts => {
  const { kind, skip, versions } = policySettings;
  const isSkipped = (name: string): boolean => skip.some((one) => one === name);
  const isNative = kind === 'native';
  return {
    database: isNative && !isSkipped('db') ? 'required' : settings.database ? 'wanted' : 'none',
    buckets: isNative ? BUCKET_COMPONENTS.filter((name) => !isSkipped(name)) : versions,
    gitaly: isNative && !isSkipped('repositories'),
    recoveryPoints: settings.recoveryPoints,
  };
};

/** Components that a release has switched off; undefined when nobody could read it. */
export const listOff = (release: ReleaseFacts | undefined): string[] | undefined =>
  release?.state === 'read'
    ? release.components.filter(({ on }) => !on).map(({ component }) => component)
    : undefined;
