import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { AppsV1Api } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowServers } from '../../functions/backup/drill/allowed-egress.ts';
import { judgeProof } from '../../functions/backup/drill/closed-proof.ts';
import { makeEmptyJob } from '../../functions/backup/drill/empty-job.ts';
import { findNotEmptied } from '../../functions/backup/drill/empty-report.ts';
import { makeNetworkPolicies } from '../../functions/backup/drill/network-policies.ts';
import { makeReachJob } from '../../functions/backup/drill/reach-job.ts';
import { readReachReport } from '../../functions/backup/drill/reach-report.ts';
import { findAwake, findSidekiqLabels, listWaking } from '../../functions/backup/drill/workload-kinds.ts';
import { nameCronJob } from '../../functions/backup/job/backup-job.ts';
import {
  type KubernetesNetworkPolicies,
  openKubernetesNetworkPolicies,
} from '../../functions/clients/kubernetes-network-policies.ts';
import { openKubernetesScaling } from '../../functions/clients/kubernetes-scaling.ts';
import type { ProbeAddress } from '../../functions/records/backup/drill-proof.ts';
import type { CronJob, JobManifest } from '../../functions/records/kubernetes-job.ts';
import { SCRATCH, SCRATCH_BUCKETS, SCRATCH_TMP_BUCKET } from '../../infra/local/gitlab-release/names.ts';
import { type LocalOutside, startOutside } from '../../infra/local/gitlab-release/scratch/start-outside.ts';
import type { LocalScratch } from '../../infra/local/gitlab-release/scratch/start-scratch.ts';
import type { PodNetworkTroubles } from '../../infra/local/toolbox/network/pod-network.ts';
import { connectAsAdmin, loadKubeconfig } from '../support/admin-connection.ts';
import { openToolboxStage, type ToolboxStage } from './fixtures/toolbox-stage.ts';

/** The place of a drill in the local world: nobody's, at rest, and with a network that policies really close. */

/** Seconds of sleep in a pod take a twentieth. */
const PACE = 20;

let stage: ToolboxStage;
let scratch: LocalScratch;
let outside: LocalOutside;
let policies: KubernetesNetworkPolicies;
beforeAll(async () => {
  [stage, outside] = await Promise.all([openToolboxStage({ scratch: true, pace: PACE }), startOutside()]);
  const made = stage.release.scratch;
  if (!made) throw new Error('The stage has a scratch.');
  scratch = made;
  policies = openKubernetesNetworkPolicies(connectAsAdmin(stage.kubeconfig));
});
afterAll(async () => {
  await outside?.stop();
  await stage?.stop();
});

const readCronJob = async (): Promise<CronJob> => {
  const { namespace, release } = SCRATCH;
  const found = await stage.jobs.readCronJob({ namespace, name: nameCronJob(release) });
  if (!found) throw new Error('The scratch has a CronJob.');
  return found;
};
const listWorkloads = () =>
  openKubernetesScaling(connectAsAdmin(stage.kubeconfig)).listWorkloads(SCRATCH.namespace);

let drills = 0;
const nextDrill = (): string => `drill-${++drills}`;

/** Where a pod gets to, and where it shall not. */
const addresses = (): { outside: ProbeAddress[]; controls: ProbeAddress[] } => {
  const s3 = new URL(stage.aws.url);
  const { host, port } = scratch.postgresql;
  return {
    outside: [
      { host: outside.host, port: outside.port, why: 'mail' },
      { host: '1.1.1.1', port: 443, why: 'the internet' },
    ],
    controls: [
      { host, port, why: 'database' },
      { host: s3.hostname, port: Number(s3.port), why: 'S3' },
    ],
  };
};

const probe = async (drill: string, phase: 'open' | 'closed') => {
  const labels = findSidekiqLabels(await listWorkloads(), SCRATCH.release);
  if (!labels) throw new Error('The scratch has a Sidekiq.');
  const all = Object.values(addresses()).flat();
  const plan = makeReachJob(await readCronJob(), { drill, execution: 'test', phase, labels, addresses: all });
  if (!plan.ok) throw new Error(plan.why);
  const { log } = await stage.run(plan.job, plan.job.metadata.name);
  return readReachReport(log);
};

const close = async (drill: string): Promise<void> => {
  const { controls } = addresses();
  const servers = controls.map(({ host, port }) => ({
    what: 'database' as const,
    host,
    port,
    addresses: [host],
  }));
  for (const one of makeNetworkPolicies(drill, SCRATCH.namespace, allowServers(servers))) {
    await policies.create(one);
  }
};

const open = async (): Promise<void> => {
  for (const one of await policies.list(SCRATCH.namespace)) await policies.delete(one);
};

/** Probes, closes and probes again, as a drill does. */
const prove = async (troubles: Partial<PodNetworkTroubles> = {}) => {
  const drill = nextDrill();
  stage.release.toolbox.network?.trouble(troubles);
  try {
    const before = await probe(drill, 'open');
    await close(drill);
    const after = await probe(drill, 'closed');
    const known = { before: { known: true, value: before }, after: { known: true, value: after } } as const;
    return judgeProof({ ...addresses(), ...known, wayOut: 'expected' }, new Date());
  } finally {
    await open();
    stage.release.toolbox.network?.trouble({});
  }
};

describe('the scratch', () => {
  it('is at rest, with all that a drill looks for by its labels', async () => {
    const workloads = await listWorkloads();
    expect(workloads.filter(({ replicas, pods }) => replicas + pods > 0)).toEqual([]);
    expect(findAwake(workloads)).toEqual([]);
    const names = (phase: 'restore' | 'check') =>
      listWaking(workloads, SCRATCH.release, phase).map(({ workload }) => workload.name);
    expect(names('restore')).toEqual(['gitlab-gitaly', 'gitlab-redis-master']);
    expect(names('check')).toEqual(['gitlab-gitaly', 'gitlab-redis-master', 'gitlab-webservice-default']);
  });

  it('has another server of PostgreSQL at another address', async () => {
    const { postgresql } = stage.release;
    expect(scratch.postgresql.host).not.toBe(postgresql.host);
    const [row] = await scratch.postgresql.query('select inet_server_addr()::text as address');
    expect(row?.['address']).toBe('127.0.0.2/32');
  });
});

describe('its network', { timeout: 60_000 }, () => {
  it('is proven closed once policies stand, and nobody outside hears from it behind that', async () => {
    const proof = await prove();
    expect(proof).toMatchObject({ state: 'closed', proven: [`${outside.host}:${outside.port}`] });
    expect(proof.controls).toHaveLength(2);
    // Both rounds of the open probe, and no connection of the closed one.
    expect(outside.connections()).toHaveLength(2);
  });

  it('is found open when nobody carries the policies out', async () => {
    const { state, reasons } = await prove({ policies: 'ignored' });
    expect([state, reasons.join()]).toEqual([
      'open',
      expect.stringContaining('as if there were no policies'),
    ]);
  });

  it('is found open when they are carried out late', async () => {
    const { state, reasons } = await prove({ policies: 'late' });
    expect([state, reasons.join()]).toEqual(['open', expect.stringContaining('Only the first attempts')]);
  });

  it('proves nothing while a server of the place does not answer', async () => {
    const { host, port } = scratch.postgresql;
    const { state, reasons } = await prove({ silent: [`${host}:${port}`] });
    expect([state, reasons.join()]).toEqual([
      'unproven',
      expect.stringContaining('even with an open network'),
    ]);
  });
});

describe('a restore into it', { timeout: 120_000 }, () => {
  const count = async (one: {
    readonly postgresql: LocalScratch['postgresql'];
    readonly login: LocalScratch['login'];
  }) => {
    const [row] = await one.postgresql.query('select count(*)::int as count from issues', [], one.login);
    return row?.['count'];
  };
  const keysOf = async (Bucket: string) =>
    ((await stage.s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);
  const buckets = [...Object.values(SCRATCH_BUCKETS), SCRATCH_TMP_BUCKET];
  const asRestore = async (id: string): Promise<JobManifest> => {
    const { job } = await stage.makeJob();
    const { template } = (await readCronJob()).spec.jobTemplate.spec;
    const containers = template.spec.containers.map((container) => ({
      ...container,
      args: (container.args ?? []).with(2, `GITLAB_ASSUME_YES=1 backup-utility --restore -t ${id}`),
    }));
    const spec = {
      ...job.spec,
      template: { ...template, spec: { ...template.spec, restartPolicy: 'Never', containers } },
    };
    const metadata = { ...job.metadata, namespace: SCRATCH.namespace, ownerReferences: [] };
    return { ...job, metadata, spec };
  };

  it('fills it alone, behind a closed network, and the tool of a drill empties it again', async () => {
    const { id } = await stage.backUp();
    const drill = nextDrill();
    await close(drill);
    const heard = outside.connections().length;
    const restored = await stage.run(await asRestore(id), id);
    expect([restored.verdict.state, restored.log]).toEqual(['succeeded', expect.stringContaining('[DONE]')]);
    expect(await count(scratch)).toBe(await count(stage.release));
    expect(await keysOf(SCRATCH_BUCKETS.uploads)).toHaveLength(4);

    const plan = makeEmptyJob(await readCronJob(), { drill, attempt: 1, execution: 'test', buckets });
    if (!plan.ok) throw new Error(plan.why);
    const { log } = await stage.run(plan.job, plan.job.metadata.name);
    expect(findNotEmptied(log, buckets)).toEqual([]);
    expect((await Promise.all(buckets.map(keysOf))).flat()).toEqual([]);
    await expect(count(scratch)).rejects.toThrow(/does not exist/);
    expect(await count(stage.release)).toBe(300);
    expect(outside.connections()).toHaveLength(heard);
    await open();
  });

  it('finds at its end what its role may not empty', async () => {
    const drill = nextDrill();
    const plan = makeEmptyJob(await readCronJob(), {
      drill,
      attempt: 1,
      execution: 'test',
      buckets: ['gitlab-local-uploads'],
    });
    if (!plan.ok) throw new Error(plan.why);
    const { log } = await stage.run(plan.job, plan.job.metadata.name);
    expect(findNotEmptied(log, ['gitlab-local-uploads']).join()).toContain('gitlab-local-uploads');
    expect(await keysOf('gitlab-local-uploads')).toHaveLength(4);
  });
});

it('a workload that is scaled up comes up, and goes again', async () => {
  const apps = loadKubeconfig(stage.kubeconfig).makeApiClient(AppsV1Api);
  const name = { namespace: SCRATCH.namespace, name: 'gitlab-gitaly' };
  const scale = async (replicas: number) => {
    const body = await apps.readNamespacedStatefulSet(name);
    if (body.spec) body.spec.replicas = replicas;
    await apps.replaceNamespacedStatefulSet({ ...name, body });
  };
  await scale(1);
  await expect.poll(async () => (await apps.readNamespacedStatefulSet(name)).status?.readyReplicas).toBe(1);
  await scale(0);
  await expect.poll(async () => (await apps.readNamespacedStatefulSet(name)).status?.replicas).toBe(0);
});
