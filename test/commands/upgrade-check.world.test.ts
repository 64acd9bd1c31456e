import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UpgradeReport } from '../../functions/records/upgrade/report.ts';
import { useEksStandIn } from '../support/eks-stand-in.ts';
import { deployment, openTestCluster, type TestCluster } from '../support/test-cluster.ts';

/** The command as a person runs it, against a real API server, with nothing of AWS around. */
const COMMAND = join(import.meta.dirname, '..', '..', 'functions', 'commands', 'upgrade-check.ts');

// Its clock goes on: the command waits for a refresh of insights that takes a moment.
const eks = useEksStandIn({ now: () => new Date(), updateSeconds: 1 });

let cluster: TestCluster;
let folder = '';
let namespace = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-upgrade-check-'));
  cluster = await openTestCluster();
  namespace = await cluster.createNamespace();
  await cluster.apps.createNamespacedDeployment({
    namespace,
    body: deployment('registry.example.com/web:1', 1),
  });
  const gold = {
    kind: 'VolumeAttributesClass',
    metadata: { name: 'gold' },
    driverName: 'example.com',
    parameters: { iops: '4000' },
  };
  const asBefore = { apiVersion: 'storage.k8s.io/v1beta1', ...gold };
  await cluster.objects.create({
    apiVersion: 'storage.k8s.io/v1',
    ...gold,
    metadata: {
      name: 'gold',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(asBefore) },
    },
  });
});
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true });
});

const run = (...args: readonly string[]) => runWith({}, ...args);

const runWith = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  execa(process.execPath, [COMMAND, '--kubeconfig', cluster.kubeconfig, ...args], {
    reject: false,
    extendEnv: false,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
      COLUMNS: '140',
      ...env,
    },
  });

describe('upgrade-check from a terminal', () => {
  it('finds what is there, says what it could not check, and ends with the code for that', async () => {
    const { stdout, stderr, exitCode } = await run('--all-helm');
    expect(stderr).toBe('');
    expect(stdout).toMatch(new RegExp(`warns +single-replicas +Deployment ${namespace}/web`));
    expect(stdout).toMatch(/blocks +removed-apis +VolumeAttributesClass gold/);
    expect(stdout).toMatch(/not checked +\S+ +.*could not be read/);
    expect(stdout).toContain('With --cluster and --region it is');
    expect(exitCode).toBe(4);
  });

  it('asks EKS too when it is told the cluster, with the credentials that are there', async () => {
    eks().addCluster({
      name: 'gitlab',
      endpoint: cluster.endpoint,
      certificateAuthority: 'Y2E=',
      version: '1.36',
      addons: [{ addonName: 'vpc-cni', addonVersion: 'v1.21.1-eksbuild.9' }],
      insights: [
        { id: 'a', name: 'Kubelet version skew', insightStatus: { status: 'ERROR', reason: 'Two are old.' } },
      ],
    });
    const env = {
      AWS_ENDPOINT_URL_EKS: eks().url,
      // Nobody listens there: the account around the cluster cannot be asked, which is said and stops nothing.
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    };
    const { stdout } = await runWith(
      env,
      '--cluster',
      'gitlab',
      '--region',
      'eu-central-1',
      '--format',
      'json',
      '--refresh',
    );
    const { support, findings } = UpgradeReport.parse(JSON.parse(stdout));
    expect(support.source).toBe('eks');
    expect(eks().calls('StartInsightsRefresh')).toHaveLength(1);
    expect(findings.map(({ check, subject }) => `${check}: ${subject}`)).toContain(
      'insights: insight Kubelet version skew',
    );
    expect(findings).toContainEqual(expect.objectContaining({ check: 'quotas', result: 'not-checked' }));
  });

  it('writes the record, which reads as one', async () => {
    const file = join(folder, 'report.json');
    await run('--output', file);
    const report = UpgradeReport.parse(JSON.parse(await readFile(file, 'utf8')));
    expect(report).toMatchObject({ verdict: 'blocked', current: '1.36', target: '1.37' });
    expect(report.checks.length).toBeGreaterThan(20);
  });

  it('says which contexts there are when the one that is named is not', async () => {
    const { stderr, exitCode } = await run('--context', 'nowhere');
    expect(stderr).toMatch(/has no context nowhere; write one of \S+/);
    expect(exitCode).toBe(1);
  });

  it('changes nothing in the cluster', async () => {
    const read = async () => {
      const { items } = await cluster.apps.listNamespacedDeployment({ namespace });
      return items.map(({ metadata }) => metadata?.generation);
    };
    const before = await read();
    await run('--all-helm');
    expect(await read()).toEqual(before);
  });
});
