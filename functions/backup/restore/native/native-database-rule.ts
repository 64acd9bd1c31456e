import type { InstanceState } from '../../../clients/database-restore.ts';
import type { NativeRestore } from '../../../records/backup/native-restore.ts';
import { DAY_MS } from '../../../rules/utc-days.ts';
import { notChecked, type PreflightVerdict, pass, refuse, warn } from '../../preflight/preflight-rule.ts';
import { isRenamable } from './arrangement.ts';
import type { NativeRow } from './native-row.ts';
import type { NativeView } from './native-view.ts';

/** Whether the database of a native set can be made anew, and of what. */

/** Where the database would come from: the snapshot of the set, or else the second that it holds, while RDS goes back so far. */
export const chooseSource = (
  { parts: { database: part }, database, snapshot }: NativeView,
  now: Date,
): NonNullable<NativeRestore['database']>['source'] | undefined => {
  if (!part) return undefined;
  if (part.snapshot && snapshot.known && snapshot.value?.status === 'available') {
    return { kind: 'snapshot', arn: part.snapshot.arn };
  }
  const origin = database.known ? database.value.origin : undefined;
  if (!origin?.latestRestorableTime) return undefined;
  const at = Date.parse(part.takenAt);
  const earliest = now.getTime() - origin.settings.retentionDays * DAY_MS;
  return at >= earliest && at <= Date.parse(origin.latestRestorableTime)
    ? { kind: 'time', at: part.takenAt }
    : undefined;
};

export const nativeDatabase: NativeRow = {
  code: 'native-database',
  title: 'The database can be made anew beside the one that is there',
  ifUnknown: 'stop',
  mayOverride: false,
  judge: (view, { now }) => {
    const {
      parts: { database: part },
      database,
      place,
      names,
    } = view;
    if (!part) return [pass('The set leaves the database out.')];
    if (!place.isOther && place.instance !== part.instance) {
      return [
        refuse(
          `The set is of the database ${part.instance}, and drydock.yaml names ${place.instance ?? 'none'}: there is no right to change that one.`,
          'Name the instance of the set in database.instance, and deploy the site.',
        ),
      ];
    }
    const instance = place.instance ?? '';
    if (!database.known) {
      return [
        notChecked(
          `RDS could not be asked: ${database.why}.`,
          'Give this function its rights on the database.',
        ),
      ];
    }
    const { origin, main, interim, kept } = database.value;
    if (!main) {
      return [
        refuse(
          `RDS has no instance ${instance}, after which a new one would be set up.`,
          place.isOther
            ? 'Make one, small and empty, with the network and the parameters of the place.'
            : 'Restore the snapshot by hand under that identifier, then restore the rest with skip db.',
        ),
      ];
    }
    if (main.isOfCluster) {
      return [
        refuse(
          `${instance} is part of a cluster, which comes back as a whole.`,
          'Restore the cluster by hand; this way of restoring knows instances.',
        ),
      ];
    }
    const taken = [interim, kept].flatMap((one) => one?.identifier ?? []);
    if (taken.length > 0) {
      return [
        refuse(
          `There are instances of these names already: ${taken.join(', ')}.`,
          'Start the restore once more: a new run names its instances anew.',
        ),
      ];
    }
    const source = chooseSource(view, now);
    if (!source) {
      return [
        refuse(
          `The snapshot of the set is not available, and RDS does not go back to ${part.takenAt} by itself.`,
          'Choose another set.',
        ),
      ];
    }
    return [
      ...judgeKey(view),
      ...judgeMajor(origin, main),
      ...(isRenamable(main)
        ? []
        : [
            refuse(
              `${instance} is ${main.status}, and takes another name only when it is available.`,
              'Wait until it is, or restore by hand.',
            ),
          ]),
      source.kind === 'snapshot'
        ? pass(`RDS makes ${names.interim} of the snapshot of the set.`)
        : warn(
            `The snapshot of the set is gone; RDS makes ${names.interim} as of ${source.at} from its own backups.`,
            'Nothing, as long as RDS keeps them.',
          ),
    ];
  },
};

/** Parameters are made for one major version, and RDS takes no others for an instance. */
const judgeMajor = (
  origin: InstanceState | undefined,
  { identifier, engineVersion }: InstanceState,
): PreflightVerdict[] => {
  const major = (version: string): string => version.split('.')[0] ?? '';
  return origin === undefined || major(origin.engineVersion) === major(engineVersion)
    ? []
    : [
        refuse(
          `${identifier} is set up for PostgreSQL ${engineVersion}, and ${origin.identifier} has ${origin.engineVersion}.`,
          'Upgrade the one of the place to the same major version first.',
        ),
      ];
};

const judgeKey = ({ key }: NativeView): PreflightVerdict[] => {
  const look = 'Look at the key in KMS, and have it enabled.';
  if (!key.known)
    return [notChecked(`Whether the key of the snapshot can be used is not known: ${key.why}.`, look)];
  return key.value && !key.value.usable
    ? [
        refuse(
          `The key of the snapshot can not be used (${key.value.reason}): nothing can be made of it.`,
          look,
        ),
      ]
    : [];
};
