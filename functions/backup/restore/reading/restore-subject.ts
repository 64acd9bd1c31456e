import type { RestorePlan, RestoreTarget } from '../../../records/backup/restore-plan.ts';
import { type RestoreRequest, SCRATCH } from '../../../records/backup/restore-request.ts';
import type { BackupKind } from '../../../records/backup/set.ts';
import type { BackupSettings, Configuration } from '../../../records/configuration.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import { type BackupSubject, findBackup, listPolicies } from '../../backup-subject.ts';
import type { NativePlace } from '../native/native-view.ts';

/** From where to where a restore goes, by drydock.yaml. */

/** An environment without one of its policies: what a restore needs of it. */
export type RestoreEnvironment = Omit<BackupSubject, 'policy' | 'policySettings'>;

export interface RestoreSubject {
  /** Whose backup it is; its vault holds the secrets of the set. */
  readonly origin: RestoreEnvironment;
  /** Whose settings the place has; that of the backup for a scratch. */
  readonly owner: RestoreEnvironment;
  readonly originTarget: RestoreTarget;
  readonly target: RestoreTarget;
  /** ARN of the role under which the toolbox of the target works; undefined where nobody has named it. */
  readonly role: string | undefined;
}

/**
 * Finds both.
 *
 * @throws RefusedError `backup.unknown` for an environment that is not backed up, `restore.no-scratch` where none is
 * configured.
 */
export const findRestore = (
  configuration: Configuration,
  { environment, target: named }: Pick<RestoreRequest, 'environment' | 'target'>,
): RestoreSubject => {
  const origin = findEnvironment(configuration, environment);
  const originTarget = targetOf(origin);
  if (named !== SCRATCH) {
    const owner = findEnvironment(configuration, named);
    return { origin, owner, originTarget, target: targetOf(owner), role: owner.settings.role };
  }
  const { scratch } = origin.settings.restore;
  if (!scratch) {
    const message = `drydock.yaml names no scratch place of ${environment}: write backup.environments.${environment}.restore.scratch, or name the environment to replace as target.`;
    throw new RefusedError('restore.no-scratch', message);
  }
  const { cluster = origin.cluster, namespace, release, role } = scratch;
  const target: RestoreTarget = { ...originTarget, kind: 'scratch', cluster, namespace, release };
  return { origin, owner: origin, originTarget, target, role };
};

/** Where the parts of a native set go. */
export const nativePlaceOf = ({ target, owner: { settings } }: RestoreSubject): NativePlace => {
  const { database, sourceBuckets, restore } = settings;
  return target.kind === 'environment'
    ? { isOther: false, instance: database?.instance, buckets: sourceBuckets }
    : {
        isOther: true,
        instance: restore.scratch?.database?.instance,
        buckets: restore.scratch?.buckets ?? [],
      };
};

/** Can it take a set that is no archive? The place of the set itself always can. */
export const takesNative = (subject: RestoreSubject): boolean => {
  const { isOther, instance } = nativePlaceOf(subject);
  return !isOther || instance !== undefined;
};

/** The same for a plan that was made before; it may be of an older drydock.yaml. */
export const findPlanned = (
  configuration: Configuration,
  { set, target }: Pick<RestorePlan, 'set' | 'target'>,
): Pick<RestoreSubject, 'origin' | 'owner'> => ({
  origin: findEnvironment(configuration, set.environment),
  owner: findEnvironment(configuration, target.environment),
});

/** Any policy does: cluster, account and settings are those of the environment. */
export const findEnvironment = (configuration: Configuration, environment: string): RestoreEnvironment => {
  const [first] = listPolicies(configuration, environment);
  const { policy: _, policySettings: __, ...rest } = findBackup(configuration, environment, first);
  return rest;
};

const targetOf = ({ environment, cluster, region, settings }: RestoreEnvironment): RestoreTarget => ({
  kind: 'environment',
  environment,
  cluster,
  region,
  namespace: settings.namespace,
  release: settings.release,
});

interface SafetyPolicy {
  readonly name: string;
  readonly skip: readonly string[];
}

/**
 * The policy by which what stands there is saved before it is replaced: one whose archive holds the database and the
 * repositories, and of those the one that leaves out least. Objects need not be in it, since the tool itself puts those
 * that it replaces into the tmp bucket.
 *
 * Of a native set the database and the versions of before stay, so that the repositories are what has to be in it: those of
 * a native policy, since there is one because an archive of them would take too long, or else those of an archive.
 *
 * @param restored what is restored.
 */
export const chooseSafetyPolicy = (
  policies: BackupSettings['policies'],
  restored: BackupKind = 'tar',
): SafetyPolicy | undefined =>
  Object.entries(policies)
    .filter(([, { kind, skip }]) =>
      restored === 'native'
        ? !skip.includes('repositories')
        : kind === 'tar' && !skip.includes('db') && !skip.includes('repositories'),
    )
    .toSorted(
      ([a, one], [b, other]) =>
        Number(other.kind === restored) - Number(one.kind === restored) ||
        one.skip.length - other.skip.length ||
        (a < b ? -1 : 1),
    )
    .map(([name, { skip }]) => ({ name, skip }))[0];
