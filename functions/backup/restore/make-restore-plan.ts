import { ARCHIVE_COMPONENTS, BUCKET_COMPONENTS } from '../../records/backup/components.ts';
import type { NativeRestore } from '../../records/backup/native-restore.ts';
import type {
  PlannedStep,
  RestorePlan,
  RestorePrecheck,
  RestoreStep,
} from '../../records/backup/restore-plan.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import { judgeAutoscalers } from './autoscaling.ts';
import { findDatabaseClients } from './database-clients.ts';
import { isDatabasePassword, listNativeSkipped, replaceSteps } from './native/native-plan.ts';
import { identifyRestorePlan } from './plan-id.ts';
import type { RestoreFacts } from './prechecks/facts.ts';

/** A plan without what only its execution knows. */
export type RestorePlanDraft = Omit<RestorePlan, 'madeAt' | 'execution' | 'resumes'>;

/**
 * Makes the plan of what a restore would do, from what was gathered; whether it may is in its checks.
 *
 * @param native what comes back of a set that is no archive.
 */
export const makeRestorePlan = (
  facts: RestoreFacts,
  checks: readonly RestorePrecheck[],
  native?: NativeRestore,
): RestorePlanDraft => {
  const { set, target, request, release, place } = facts;
  const skip = native ? listNativeSkipped(native) : listSkipped(facts);
  const named = release.known ? release.value.components : [];
  const ofArchive = BUCKET_COMPONENTS.flatMap((component) => {
    const bucket = named.find((one) => one.component === component)?.bucket;
    return skip.includes(component) || bucket === undefined ? [] : [{ component, bucket }];
  });
  const buckets =
    native?.buckets.map(({ component, bucket, into = bucket }) => ({ component, bucket: into })) ?? ofArchive;
  const clients = findDatabaseClients(place.known ? place.value.workloads : [], {
    release: target.release,
    replaced: buckets.map(({ component }) => component),
  });
  const paused = judgeAutoscalers(place.known ? place.value.autoscalers : [], clients).flatMap(
    ({ verdict, autoscaler }) => (verdict === 'pause' ? [autoscaler.name] : []),
  );
  const tmpBucket = release.known ? release.value.tmpBucket : undefined;
  const size = set.parts.flatMap((part) => (part.kind === 'archive' ? [part.object.size] : []))[0];
  const secrets = listSecrets(facts, native?.database !== undefined);
  const draft = {
    version: 1 as const,
    target,
    set: { environment: set.environment, policy: set.policy, id: set.id },
    takenAt: set.takenAt ?? set.startedAt,
    gitlabVersion: set.gitlabVersion,
    ...(size === undefined ? {} : { size }),
    skip,
    buckets,
    ...(tmpBucket === undefined ? {} : { tmpBucket }),
    ...(native ? { native } : {}),
    quiesced: clients.map(({ workload: { kind, name, replicas }, why }) => ({ kind, name, replicas, why })),
    paused,
    secrets,
    checks: [...checks],
    request,
  };
  const listed = listSteps(facts, { ...draft, secrets });
  const steps = native ? replaceSteps(listed, native) : listed;
  return { ...draft, steps, id: identifyRestorePlan({ ...draft, steps }) };
};

/** What the archive does not hold, and objects of one that no chart has made. */
const listSkipped = ({ set, information }: RestoreFacts): RestorePlan['skip'] => {
  const contents = set.parts.flatMap((part) => (part.kind === 'archive' ? part.contents : []));
  const held = new Set(contents.map(({ part }) => part.replace(/\.tar\.gz$/, '')));
  const isForeign = information.known && information.value.installationType !== 'gitlab-helm-chart';
  return ARCHIVE_COMPONENTS.filter((component) => {
    const isObject = BUCKET_COMPONENTS.some((one) => one === component);
    if (isObject && isForeign) return true;
    return held.size > 0 ? !held.has(component) : set.skip.includes(component);
  });
};

/**
 * What has to be put back, and what others outside know that GitLab by, when it takes the place of the old one. A database
 * that is made of its blocks knows the passwords of their time, and no others.
 */
const listSecrets = ({ secrets, set, target }: RestoreFacts, isOfBlocks: boolean): RestorePlan['secrets'] => {
  if (!secrets.known || set.secrets === undefined) return [];
  const purposes = new Map(
    set.secrets.fingerprints.secrets.map(({ id, purpose, state }) => [id, { purpose, state }]),
  );
  return secrets.value.secrets.flatMap(({ id, name, state, meaning }) => {
    const saved = purposes.get(id);
    if (saved?.state !== 'read') return [];
    const isIdentity = saved.purpose === 'identity' && target.kind === 'environment';
    const isOther = state === 'differs' || state === 'missing';
    const isOld = isOther && (isIdentity || (isOfBlocks && isDatabasePassword(id)));
    return meaning === 'put-back-first' || isOld ? [{ id, name }] : [];
  });
};

type Named = Pick<RestorePlan, 'quiesced' | 'buckets' | 'secrets' | 'skip' | 'tmpBucket'>;

const listSteps = ({ target, request, set }: RestoreFacts, plan: Named): PlannedStep[] => {
  const isReplacing = target.kind === 'environment';
  const isWaived = request.overrides.some(({ check }) => check === 'safety-backup');
  const minutes = jobMinutes(set);
  const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).join(', ');
  const row = (step: RestoreStep, title: string, expected?: number): PlannedStep => ({
    step,
    title,
    ...(expected === undefined ? {} : { minutes: expected }),
  });
  const objects = plan.buckets.map(({ bucket }) => bucket).join(', ');
  return [
    ...(isReplacing && !isWaived
      ? [row('safety-backup', 'Back up what stands there now, and read that backup', minutes)]
      : []),
    row('suspend-schedules', 'Suspend the CronJobs of the release'),
    row('quiesce', `Record replicas, and scale to 0: ${names(plan.quiesced) || 'nothing was found'}`, 2),
    row(
      'restore-secrets',
      plan.secrets.length === 0
        ? 'Write no secrets: those there open the backup'
        : `Write ${names(plan.secrets)} from the set, and restart what reads them`,
      plan.secrets.length === 0 ? 0 : 5,
    ),
    row(
      'restore-job',
      `Replace the database, the repositories and ${objects === '' ? 'no bucket' : `the content of ${objects}`} by those of the backup`,
      minutes,
    ),
    row('analyse', 'Have the database make its statistics anew (ANALYZE)'),
    row('check', 'Have GitLab check itself and its encrypted values'),
    row('open', 'Scale back to what was recorded', 5),
    row('probe', 'Look from outside: health, sign-in page, a clone', 2),
    row('runners', 'Look whether runners are back'),
  ];
};

/** A restore takes about as long as its backup did, where nothing else is known. */
const jobMinutes = ({ timings }: BackupSet): number | undefined => {
  const { startedAt, endedAt } = timings.job ?? {};
  if (startedAt === undefined || endedAt === undefined) return undefined;
  return Math.max(1, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 60_000));
};
