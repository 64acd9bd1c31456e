import { listDrillAccess } from '../../backup/drill-access.ts';
import { listRestoreAccess, listRestorePlanAccess } from '../../backup/restore-access.ts';
import { listRestoreSecretAccess } from '../../backup/restore-secret-access.ts';
import {
  DRILL_GROUP,
  RESTORE_GROUP,
  RESTORE_PLAN_GROUP,
  RESTORE_SECRETS_GROUP,
} from '../../records/cluster-group.ts';
import type { BackupSettings } from '../../records/configuration.ts';
import { type CapabilityAccess, mendBackup, readerAccess } from './capability-access.ts';

/** How restores and their rehearsals come into a cluster. */

type Settings = Pick<BackupSettings, 'namespace' | 'release' | 'secrets' | 'restore'>;
type Place = Pick<CapabilityAccess, 'place' | 'mend'>;

const SYSTEM = ['kube-system'];

/** A restore into the GitLab itself, under three identities: one plans, one carries it out, one writes secrets. */
export const restoreAccesses = (settings: Settings): CapabilityAccess[] =>
  listThree({ place: settings.namespace, mend: mendBackup(settings) });

/** What comes into the scratch place: who reads secrets, the three of a restore, and a drill where there is one. */
export const scratchAccesses = ({ secrets, restore: { scratch, drill } }: Settings): CapabilityAccess[] => {
  if (!scratch) return [];
  const { namespace, release } = scratch;
  const option = drill ? '--drill-namespace' : '--namespace';
  const mend = (): string =>
    `npm run -s cluster-manifests -- --capability backup ${option} ${namespace} --release ${release} | kubectl apply -f -`;
  const common = { place: namespace, mend };
  return [
    { ...common, ...readerAccess(namespace, secrets) },
    ...listThree(common),
    ...(drill
      ? [
          {
            ...common,
            suffix: ', drill',
            group: DRILL_GROUP,
            roles: ['BackupDrillAdvanceRoleArn'],
            rights: listDrillAccess(namespace, SYSTEM),
          },
        ]
      : []),
  ];
};

const listThree = (place: Place): CapabilityAccess[] => [
  {
    ...place,
    suffix: ', restore plan',
    group: RESTORE_PLAN_GROUP,
    // Whoever begins it judges the plan once more.
    roles: ['BackupRestorePlanRoleArn', 'BackupRestoreBeginRoleArn'],
    rights: listRestorePlanAccess(place.place, SYSTEM),
  },
  {
    ...place,
    suffix: ', restore',
    group: RESTORE_GROUP,
    roles: ['BackupRestoreAdvanceRoleArn'],
    rights: listRestoreAccess(place.place, SYSTEM),
  },
  {
    ...place,
    suffix: ', restore secrets',
    group: RESTORE_SECRETS_GROUP,
    roles: ['BackupRestoreSecretsRoleArn'],
    // As for the reader: which names, the values say; that no other can be written is seen without them.
    rights: listRestoreSecretAccess(place.place, SYSTEM, []),
  },
];
