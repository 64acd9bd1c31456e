import type { Configuration } from '../../../functions/records/configuration.ts';
import { makeBackupConfiguration, SITE_ACCOUNT } from './backup-stacks.ts';

/** Configurations whose restores are rehearsed, each in a cluster of its own. */

export const TWO_PLACES = {
  copy: { bucket: 'copies', region: 'eu-west-1' },
  sourceBuckets: ['gitlab-*'],
  restore: {
    scratch: {
      cluster: 'green',
      namespace: 'gitlab-drill',
      role: `arn:aws:iam::${SITE_ACCOUNT}:role/gitlab-scratch`,
    },
    drill: {
      timeZone: 'Europe/Berlin',
      allowed: [{ cidr: '10.0.4.0/24', ports: [443], why: 'endpoints of S3 and STS' }],
    },
  },
};

/** A site that rehearses the restore of one GitLab on the cluster `green`, or of several. */
export const makeDrillConfiguration = (
  drill: object = {},
  names: readonly string[] = ['production'],
  more: object = {},
): Configuration => {
  const { restore } = TWO_PLACES;
  const whole = makeBackupConfiguration({
    ...TWO_PLACES,
    restore: { ...restore, drill: { ...restore.drill, ...drill } },
  });
  const settings = whole.backup?.environments['production'];
  const [first = 'production', ...others] = names;
  const another = others.map((name) => [
    name,
    {
      ...settings,
      destination: { ...settings?.destination, bucket: `${name}-archives` },
      copy: { ...settings?.copy, bucket: `${name}-copies` },
      secrets: { ...settings?.secrets, bucket: `${name}-secrets` },
      tmpBucket: `${name}-tmp`,
      restore: { ...settings?.restore, scratch: { ...restore.scratch, namespace: `${name}-drill` } },
    },
  ]);
  return makeBackupConfiguration(
    {},
    {
      environments: Object.fromEntries(names.map((name) => [name, { cluster: { name: 'blue' } }])),
      backup: { environments: { [first]: settings, ...Object.fromEntries(another) } },
      ...more,
    },
  );
};
