import type { BucketFacts } from '../../../clients/bucket-facts.ts';
import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { KubernetesScaling } from '../../../clients/kubernetes-scaling.ts';
import type { Ledger } from '../../../clients/ledger.ts';
import type { Pauses } from '../../../clients/pauses.ts';
import type { RoleSimulation } from '../../../clients/role-simulation.ts';
import type { ReadRelease } from '../../../records/backup/release-facts.ts';
import { restoreExtensionKey } from '../../../records/backup/restore-limits.ts';
import { placeOf } from '../../../records/backup/restore-plan.ts';
import type { RestoreRequest } from '../../../records/backup/restore-request.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import type { BackupInformation } from '../../../records/backup/verification.ts';
import type { Execution } from '../../../records/execution.ts';
import type { CronJob } from '../../../records/kubernetes-job.ts';
import { maintenanceKey, maintenanceKind } from '../../../records/maintenance.ts';
import { nameCronJob } from '../../job/backup-job.ts';
import { findRunningBackups, TOOLBOX_SELECTOR } from '../../job/running-backups.ts';
import { readScratch } from '../../job/scratch-volume.ts';
import type { Known } from '../../preflight/facts.ts';
import { known, learn, learnSurely, unknown } from '../../preflight/learn.ts';
import { requiredRights } from '../../preflight/required-rights.ts';
import { readGitLabVersion } from '../../run/gitlab-version.ts';
import { verificationRecordKind } from '../../verify/verification-record.ts';
import { extensionRecordKind } from '../extensions/extension-record.ts';
import type { NativeSources } from '../native/native-sources.ts';
import type { RestoreFacts } from '../prechecks/facts.ts';
import type { RestoreInspection } from './inspection.ts';
import { lookAtPlace } from './place-look.ts';
import type { RestoreSubject } from './restore-subject.ts';

export interface PlanSources {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly pauses: Pauses;
  readonly jobs: Pick<KubernetesJobs, 'readCronJob' | 'listJobs'>;
  readonly scaling: Pick<KubernetesScaling, 'listWorkloads' | 'listAutoscalers' | 'listCronJobs'>;
  readonly simulation: RoleSimulation;
  readonly buckets: Pick<BucketFacts, 'readEncryption'>;
  /** Of a set that is no archive. */
  readonly native: NativeSources;
}

/**
 * Gathers what a restore is judged by before it is planned, all at once. What can not be learned says why.
 *
 * @throws TransientError while the cluster or the ledger do not answer.
 */
export const gatherRestoreFacts = async (
  { execution, request, subject, set, inspection }: PlanTask,
  sources: PlanSources,
  now: Date,
  signal: AbortSignal,
): Promise<RestoreFacts> => {
  const { target, originTarget: origin } = subject;
  const { ledger, pauses, jobs, scaling } = sources;
  const { namespace } = target;
  const release = toKnown(inspection);
  const [information, cronJob, place, running, maintenance, pause, rights, extensions] = await Promise.all([
    readInformation(set, ledger, signal),
    learnSurely(() => jobs.readCronJob({ namespace, name: nameCronJob(target.release) }, signal), signal),
    learnSurely(() => lookAtPlace(scaling, namespace, now, signal), signal),
    learnSurely(
      async () => findRunningBackups(await jobs.listJobs(namespace, TOOLBOX_SELECTOR, signal)),
      signal,
    ),
    learnSurely(
      async () => (await ledger.read(maintenanceKind, maintenanceKey(target.cluster)))?.value,
      signal,
    ),
    learnSurely(
      () => pauses.judge({ capability: 'backup', environment: target.environment, target: placeOf(target) }),
      signal,
    ),
    readRights(subject, release, sources, signal),
    readExtensions(execution, ledger, signal),
  ]);
  return {
    now,
    request,
    target,
    origin,
    set,
    information,
    runningVersion: mapKnown(cronJob, nameVersion),
    release,
    place,
    scratch: mapKnown(cronJob, (found) => known(found && readScratch(podOf(found)))),
    hasCronJob: mapKnown(cronJob, (found) => known(found !== undefined)),
    rights,
    secrets: inspection.secrets,
    extensions,
    running,
    maintenance,
    pause,
  };
};

interface PlanTask {
  readonly execution: Pick<Execution, 'name'>;
  readonly request: RestoreRequest;
  readonly subject: RestoreSubject;
  readonly set: BackupSet;
  readonly inspection: RestoreInspection;
}

const podOf = ({ spec }: CronJob) => spec.jobTemplate.spec.template.spec;

const toKnown = ({ release }: RestoreInspection): Known<ReadRelease> =>
  release.state === 'read' ? known(release) : unknown(release.problem);

const mapKnown = <In, Out>(fact: Known<In>, map: (value: In) => Known<Out>): Known<Out> =>
  fact.known ? map(fact.value) : fact;

const nameVersion = (cronJob: CronJob | undefined): Known<string> => {
  if (!cronJob) return unknown('there is no CronJob of the toolbox');
  const named = readGitLabVersion(cronJob);
  return named.ok ? known(named.version) : unknown(named.reason);
};

/** The pod that asks the database is made when nothing else stands against the restore. */
const readExtensions = async (
  { name }: Pick<Execution, 'name'>,
  ledger: Pick<Ledger, 'read'>,
  signal: AbortSignal,
): Promise<RestoreFacts['extensions']> => {
  const key = restoreExtensionKey(name);
  const found = await learnSurely(async () => (await ledger.read(extensionRecordKind, key))?.value, signal);
  if (!found.known) return found;
  return found.value?.found ?? unknown('nobody has asked the database');
};

/** What the archive says of itself stands in the record of its last verification. */
const readInformation = async (
  { verification }: BackupSet,
  ledger: Pick<Ledger, 'read'>,
  signal: AbortSignal,
): Promise<Known<BackupInformation>> => {
  if (!verification) return unknown('the set was never verified');
  const found = await learnSurely(() => ledger.read(verificationRecordKind, verification.record), signal);
  if (!found.known) return found;
  const information = found.value?.value.archive?.information;
  return information ? known(information) : unknown('its last verification read no such file');
};

/** The buckets are those of the place, and the archive is fetched from where it lies. */
const readRights = async (
  { role, target, origin }: RestoreSubject,
  release: Known<ReadRelease>,
  { simulation, buckets }: PlanSources,
  signal: AbortSignal,
): Promise<RestoreFacts['rights']> => {
  if (!release.known) return release;
  const { components, tmpBucket, store } = release.value;
  if (store?.credentials === 'keys') {
    return unknown('GitLab reaches its buckets by the keys of a user, and not by a role');
  }
  if (role === undefined) {
    return unknown(`drydock.yaml names no role of the toolbox in ${target.namespace} (restore.scratch.role)`);
  }
  if (tmpBucket === undefined) return unknown('the values name no tmpBucket');
  const named = [
    ...new Set(components.flatMap(({ on, bucket }) => (on && bucket !== undefined ? [bucket] : []))),
  ];
  const keys = await Promise.all(
    named.map((bucket) => learn(async () => (await buckets.readEncryption(bucket, signal)).kmsKey, signal)),
  );
  const partition = role.split(':')[1];
  const needed = requiredRights({
    sources: named,
    backup: origin.settings.destination.bucket,
    tmp: tmpBucket,
    sourceKeys: [
      ...new Set(keys.flatMap((key) => (key.known && key.value !== undefined ? [key.value] : []))),
    ],
    ...(partition ? { partition } : {}),
  }).filter(({ neededBy, action }) => neededBy === 'restore' || READS.includes(action));
  return learn(async () => ({ needed, answers: await simulation.simulate(role, needed, signal) }), signal);
};

/** A restore lists and reads what it puts away. */
const READS = ['s3:ListBucket', 's3:GetObject', 'kms:Decrypt'];
