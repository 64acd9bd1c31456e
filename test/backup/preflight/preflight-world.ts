import { run } from '../../../functions/backup/check-preflight.ts';
import { preflightRecordKind } from '../../../functions/backup/preflight/preflight-record.ts';
import type { ProbeRecord } from '../../../functions/backup/probe/probe-record.ts';
import { probeRecordKind } from '../../../functions/backup/probe/probe-record.ts';
import type { KubernetesQuotas, QuotaState } from '../../../functions/clients/kubernetes-quotas.ts';
import { openPauses } from '../../../functions/clients/pauses.ts';
import { type ReleaseFacts, releaseFactsKind } from '../../../functions/records/backup/release-facts.ts';
import { backupRunKey } from '../../../functions/records/backup/run.ts';
import type { BackupSet } from '../../../functions/records/backup/set.ts';
import { buildSet } from '../../support/backup-sets.ts';
import { buildSubject, openRun, RUN_INPUT, RUN_SET } from '../../support/backup-step.ts';
import { chartCronJobBody } from '../../support/chart-cron-job.ts';
import { createFakeBucketFacts } from '../../support/fake-bucket-facts.ts';
import { createFakeDatabases } from '../../support/fake-databases.ts';
import { createFakeKubernetesJobs } from '../../support/fake-kubernetes-jobs.ts';
import { createFakeRoleSimulation } from '../../support/fake-role-simulation.ts';
import { buildRelease } from '../../support/release-facts.ts';
import { calmInvocation } from '../../support/target-world.ts';

/** An ordinary night: everything is there, everything answers, and three archives were made before. */

const DAY_MS = 86_400_000;

export const SEEN: ProbeRecord['found'] = {
  known: true,
  identity: 'arn:aws:sts::111122223333:assumed-role/gitlab-toolbox/session',
  listed: { 'acme-uploads': 'listed', 'acme-lfs': 'listed', 'acme-backups': 'listed' },
};

/** The CronJob of the chart with a disk of its own, awscli, and its buckets by name. */
export const cronJobBody = (storage = '400Gi', overrides: Parameters<typeof chartCronJobBody>[0] = {}) => {
  const body = chartCronJobBody({ extraArgs: '--s3tool awscli', ...overrides });
  const pod = body.spec.jobTemplate.spec.template.spec;
  const requests = { storage };
  const scratch = { ephemeral: { volumeClaimTemplate: { spec: { resources: { requests } } } } };
  const volumes = pod.volumes.map((one) =>
    one.name === 'toolbox-tmp' ? { name: one.name, ...scratch } : one,
  );
  const env = [
    { name: 'BACKUP_BUCKET_NAME', value: 'acme-backups' },
    { name: 'TMP_BUCKET_NAME', value: 'acme-tmp' },
  ];
  const containers = pod.containers.map((one) => (one.name === 'toolbox-backup' ? { ...one, env } : one));
  const template = { ...body.spec.jobTemplate.spec.template, spec: { ...pod, volumes, containers } };
  return {
    ...body,
    spec: { ...body.spec, jobTemplate: { spec: { ...body.spec.jobTemplate.spec, template } } },
  };
};

/** An archive of so many days ago. */
const pastSet = (days: number, bytes: number, changes: Partial<BackupSet> = {}): BackupSet => {
  const taken = new Date(Date.parse('2026-11-21T03:00:00.000Z') - days * DAY_MS);
  const takenAt = taken.toISOString();
  const id = `${taken.getTime() / 1_000}_${takenAt.slice(0, 10).replaceAll('-', '_')}_18.10.0-ee`;
  const endedAt = new Date(taken.getTime() + DAY_MS / 24).toISOString();
  const object = { bucket: 'acme-backups', key: `${id}_gitlab_backup.tar`, etag: 'e', lastModified: endedAt };
  return buildSet({
    id,
    startedAt: takenAt,
    takenAt,
    endedAt,
    size: bytes,
    execution: { ...buildSet().execution, name: `daily-${days}` },
    timings: { job: { startedAt: takenAt, endedAt } },
    parts: [{ kind: 'archive', takenAt, object: { ...object, size: bytes }, contents: [] }],
    ...changes,
  });
};

interface Options {
  readonly policy?: object;
  readonly release?: ReleaseFacts | undefined;
  readonly probe?: ProbeRecord['found'] | undefined;
  readonly history?: readonly (readonly [days: number, bytes: number, changes?: Partial<BackupSet>])[];
}

export const createPreflightWorld = async ({
  policy = {},
  release = buildRelease(),
  probe = SEEN,
  history = [3, 2, 1].map((days) => [days, 50e9] as const),
}: Options = {}) => {
  const { ledger, sets, clock } = await openRun();
  for (const [days, bytes, changes] of history) await sets.open(pastSet(days, bytes, changes));
  if (release) await ledger.claim(releaseFactsKind, backupRunKey(RUN_SET, 'release'), release);
  const probedAt = clock.now().toISOString();
  const probed = { version: 1, probedAt, found: probe } as const;
  await ledger.claim(probeRecordKind, backupRunKey(RUN_SET, 'probe'), probed);
  const cluster = createFakeKubernetesJobs(() => clock.now());
  cluster.putCronJob('gitlab', cronJobBody());
  const simulation = createFakeRoleSimulation();
  const databases = createFakeDatabases(() => clock.now());
  databases.put({ identifier: 'gitlab-db' });
  const buckets = createFakeBucketFacts();
  for (const bucket of ['acme-uploads', 'acme-lfs']) buckets.put(bucket);
  const lock = { enabled: true, default: { mode: 'GOVERNANCE', days: 14 } } as const;
  const kmsKey = 'arn:aws:kms:eu-central-1:444455556666:key/archives';
  buckets.put('acme-backups', { lock, encryption: { algorithm: 'aws:kms', kmsKey } });
  const quotas: QuotaState[] = [];
  const listing: KubernetesQuotas = { list: async () => quotas };
  const subject = buildSubject(policy, {
    gitaly: { bucket: 'acme-gitaly' },
    database: { instance: 'gitlab-db' },
  });
  const deps = {
    find: () => subject,
    ledger,
    pauses: openPauses(ledger, clock),
    sets,
    jobs: (): Pick<typeof cluster, 'readCronJob' | 'listJobs'> => cluster,
    quotas: () => listing,
    simulation: () => simulation,
    databases: () => databases,
    buckets: () => buckets,
    clock,
  };
  return {
    subject,
    ledger,
    sets,
    clock,
    cluster,
    simulation,
    databases,
    buckets,
    quotas,
    deps,
    check: (changes: Partial<typeof deps> = {}) => run(RUN_INPUT, { ...deps, ...changes }, calmInvocation()),
    record: async () => (await ledger.read(preflightRecordKind, backupRunKey(RUN_SET, 'preflight')))?.value,
  };
};
export type PreflightWorld = Awaited<ReturnType<typeof createPreflightWorld>>;
