import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { FactPart } from '../../functions/records/upgrade/facts.ts';
import { reportPrefix, UpgradeReport } from '../../functions/records/upgrade/report.ts';
import { GITLAB_PROJECT } from '../../infra/local/world/configuration.ts';
import { clientSettings } from '../support/world/aws-views.ts';
import { itKeepsItsSecrets } from '../support/world/find-secrets.ts';
import { runMachine, waitForEnd } from '../support/world/run-machine.ts';
import { endSandboxes } from '../support/world/sandboxes.ts';
import { useFaultyWorld } from '../support/world/use-faulty-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

/** `dark` is a cluster whose API server does not answer; EKS knows no `gone`. */
const world = useFaultyWorld(() => ({}), { waitScale: 0.2, clusters: { dark: 'dark', gone: 'gone' } });

const Checked = z.object({
  outcome: z.string(),
  worst: z.string().optional(),
  message: z.string().optional(),
  clusters: z
    .array(z.looseObject({ cluster: z.string(), outcome: z.string(), key: z.string().optional() }))
    .default([]),
});

/** Served by 1.36 for the last time, and none of the cluster's own objects. */
const OLD_CLASS =
  'apiVersion: storage.k8s.io/v1beta1\nkind: VolumeAttributesClass\nmetadata:\n  name: gold\n';

const putManifest = async (Key: string, Body: string): Promise<void> => {
  const s3 = new S3Client({ ...clientSettings(world()), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: world().site.ledgerBucket, Key, Body }));
};

const issues = () => world().gitlab.project(GITLAB_PROJECT.path).issues;

const check = async (input: unknown) => {
  const { status, output = '{}' } = await runMachine(world(), 'upgradeCheck', input);
  expect(status).toBe('SUCCEEDED');
  return Checked.parse(JSON.parse(output));
};

const readReport = async (key = ''): Promise<UpgradeReport> =>
  UpgradeReport.parse(JSON.parse(await world().ledger.read(key)));

const told = async (): Promise<string[]> =>
  (await world().notices()).map(({ Message }) => Message.split('\n')[0] ?? '');

/** A cluster in EKS whose endpoint nobody listens at. */
const addDarkCluster = (): void => {
  const { certificateAuthority } = world().cluster;
  world().eks.addCluster({
    name: 'dark',
    endpoint: 'https://127.0.0.1:9',
    certificateAuthority,
    version: '1.35',
  });
};

describe('the daily check', () => {
  it('checks every cluster: one that is dark and one that is gone hide no other', async () => {
    const here = world();
    addDarkCluster();
    await here.deploy('lonely', 'registry.example.com/shop/lonely:1.0.0', 1);
    await putManifest('upgrade/manifests/local/volumes.yaml', OLD_CLASS);
    const { outcome, worst, clusters } = await check({});
    expect([outcome, clusters.map(({ cluster }) => cluster)]).toEqual(['checked', ['local', 'dark', 'gone']]);
    expect(worst).not.toBe('clean');
    const [local, dark, gone] = clusters;
    expect(gone).toMatchObject({ outcome: 'not-checked', reason: expect.stringContaining('gone') });

    const report = await readReport(local?.key);
    expect(report).toMatchObject({
      cluster: 'local',
      current: '1.36',
      target: '1.37',
      environments: ['local'],
    });
    expect(report.findings.map(({ check: code, subject }) => `${code} ${subject}`)).toContain(
      'single-replicas Deployment shop/lonely',
    );
    expect(report.checks.find(({ code }) => code === 'kubelet-skew')).toMatchObject({ result: 'pass' });
    const rendered = report.findings.find(({ subject }) => subject.includes('VolumeAttributesClass'));
    expect(rendered).toMatchObject({ check: 'removed-apis', step: '1.37' });
    expect(JSON.stringify(rendered)).toContain('volumes.yaml');

    const inTheDark = await readReport(dark?.key);
    expect(['not-checked', 'blocked']).toContain(inTheDark.verdict);
    expect(inTheDark).toMatchObject({ current: '1.35', target: '1.36' });
    expect(inTheDark.checks.find(({ code }) => code === 'kubelet-skew')).toMatchObject({
      result: 'not-checked',
    });
  });

  it('left a page for people beside each report, and an issue with the same', async () => {
    const here = world();
    const keys = await here.ledger.keys('upgrade/pages/local/history/');
    expect(keys.map((key) => key.split('.').at(-1))).toEqual(['html', 'md']);
    expect(await here.ledger.read(keys[0] ?? '')).toContain('Deployment shop/lonely');
    expect(issues()).toMatchObject([
      {
        title: expect.stringMatching(/^Upgrade of local from 1\.36 to 1\.37: /),
        description: expect.stringContaining('lonely'),
      },
    ]);
  });

  it('told each cluster once, the one that is gone too', async () => {
    const lines = await waitFor('the notices are there', async () => {
      const lines = await told();
      return lines.some((line) => line.includes('gone')) && lines;
    });
    for (const cluster of ['local', 'dark', 'gone']) {
      expect(lines.filter((line) => line.includes(cluster))).toHaveLength(1);
    }
  });

  it('tells nothing when it finds the same again, and compares with the report before', async () => {
    const before = await told();
    const { clusters } = await check({ cluster: 'local' });
    expect(await told()).toEqual(before);
    const report = await readReport(clusters[0]?.key);
    expect(report.changes).toMatchObject({ added: [], gone: [] });
    expect(issues()).toHaveLength(1);
  });
});

describe('the gate of a pipeline', () => {
  it('gets an outcome of its own; nobody is told, and the last report stays the last', async () => {
    const before = await told();
    const [issue] = structuredClone(issues());
    const pointer = await world().ledger.read('upgrade/clusters/local/current.json');
    const { outcome, clusters } = await check({ cluster: 'local', gate: true });
    const verdict = clusters[0]?.outcome ?? '';
    expect(outcome).toBe(['clean', 'warnings'].includes(verdict) ? 'passed' : verdict);
    expect(await readReport(clusters[0]?.key)).toMatchObject({ verdict });
    expect(await told()).toEqual(before);
    expect(await world().ledger.read('upgrade/clusters/local/current.json')).toBe(pointer);
    expect(issues()).toEqual([issue]);
  });

  it('a cluster that can not be checked never passes', async () => {
    expect(await check({ cluster: 'gone', gate: true })).toMatchObject({ outcome: 'not-checked' });
  });
});

describe('a slip in the console', () => {
  it.each([
    ['a word that is none', { clutser: 'local' }, /write one of/],
    ['a cluster that is none', { cluster: 'mars' }, /write one of local, dark, gone/],
    ['a target below', { cluster: 'local', target: '1.20' }, /1\.20 is not above 1\.36.*write .*1\.37/],
    ['a target that is a joke', { cluster: 'local', target: '1.99' }, /1\.99 is further ahead/],
  ])('%s succeeds and says what to write', async (_, input, message) => {
    expect(await check(input)).toMatchObject({ outcome: 'refused', message: expect.stringMatching(message) });
  });
});

describe('a fault', () => {
  it('of a missing right is named in the report, and is not green', async () => {
    const { eks } = world();
    eks.fault({ operation: 'ListInsights', error: 'AccessDeniedException', times: Number.POSITIVE_INFINITY });
    const { clusters } = await check({ cluster: 'local' });
    eks.clearFaults();
    const report = await readReport(clusters[0]?.key);
    const blind = report.findings.filter(({ permission }) => permission === 'eks:ListInsights');
    expect(blind.map(({ result }) => result)).toContain('not-checked');
    expect(['not-checked', 'blocked']).toContain(report.verdict);
  });

  it('that kills the Lambda in the middle of a collection changes nothing in the report', async () => {
    const { faults, executions, site, ledger } = world();
    const calm = await readReport((await check({ cluster: 'local' })).clusters[0]?.key);
    faults.apiServer.freeze();
    const arn = await executions.start(site.machines.clusterCheck, { cluster: 'local' }, 'killed-1');
    await waitFor('it collects', async () => (await endSandboxes(world(), 'CollectFacts')) > 0);
    faults.apiServer.thaw();
    const { status, output = '{}' } = await waitForEnd(world(), arn);
    expect(status).toBe('SUCCEEDED');
    const killed = await readReport(Checked.shape.clusters.parse([JSON.parse(output)])[0]?.key);
    expect(killed.findings.map(({ id, result }) => [id, result])).toEqual(
      calm.findings.map(({ id, result }) => [id, result]),
    );
    const parts = await ledger.records(FactPart, 'upgrade/collections/killed-1/');
    const nodes = parts.flatMap(({ facts }) => facts.nodes?.items.map(({ name }) => name) ?? []);
    expect(nodes.length).toBeGreaterThan(0);
    expect(new Set(nodes).size).toBe(nodes.length);
  });

  it('of an API server that goes away leaves a report that says so, and never green', async () => {
    const { faults } = world();
    await faults.apiServer.down();
    const { clusters } = await check({ cluster: 'local' });
    await faults.apiServer.up();
    const report = await readReport(clusters[0]?.key);
    expect(['not-checked', 'blocked']).toContain(report.verdict);
    expect(report.checks.find(({ code }) => code === 'single-replicas')).toMatchObject({
      result: 'not-checked',
    });
    expect(report.changes?.gone ?? []).toEqual([]);
  });
});

it('a check under a name that was used checks nothing again', async () => {
  const { executions, site, ledger } = world();
  const arn = await executions.start(site.machines.upgradeCheck, { cluster: 'local' }, 'daily-1');
  await waitForEnd(world(), arn);
  const reports = await ledger.keys(reportPrefix('local'));
  await executions.start(site.machines.upgradeCheck, { cluster: 'local' }, 'daily-1').catch(() => undefined);
  await delay(3_000);
  expect(await ledger.keys(reportPrefix('local'))).toEqual(reports);
});

itKeepsItsSecrets(world);
