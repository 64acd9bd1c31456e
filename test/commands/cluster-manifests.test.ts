import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';

const COMMAND = new URL('../../functions/commands/cluster-manifests.ts', import.meta.url).pathname;
const run = async (...args: string[]) => {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [COMMAND, ...args], { reject: false });
  return { stdout, stderr, exitCode };
};
const Named = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
});
const namesOf = (text: string): string[] =>
  parseAllDocuments(text).map((document) => {
    const { kind, metadata } = Named.parse(document.toJS());
    return [kind, metadata.namespace, metadata.name].filter((part) => part).join(' ');
  });

describe('cluster-manifests', () => {
  it('says how it is used, when it is asked and when an option is unknown', async () => {
    const help = await run('--help');
    expect([help.exitCode, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('--capability <name>');
    const wrong = await run('--namespaces', 'shop');
    expect([wrong.exitCode, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toMatch(/^Unknown option '--namespaces'.*--namespace <name>/s);
    expect(wrong.stderr).not.toMatch(/^ +at /m);
  });

  it('prints what deployments need, in each namespace that is named', async () => {
    const { stdout, exitCode } = await run('--namespace', 'shop', '--namespace', 'billing');
    expect(exitCode).toBe(0);
    expect(namesOf(stdout)).toEqual(
      expect.arrayContaining(['Role shop drydock-deployment', 'Role billing drydock-deployment']),
    );
  });

  it('prints what an upgrade check needs, with Helm releases only where they are named', async () => {
    const { stdout } = await run('--capability', 'upgrade', '--helm-namespace', 'shop');
    expect(namesOf(stdout)).toEqual([
      'ClusterRole drydock-upgrade',
      'ClusterRoleBinding drydock-upgrade',
      'Role kube-system drydock-upgrade-kube-proxy',
      'RoleBinding kube-system drydock-upgrade-kube-proxy',
      'Role shop drydock-upgrade-helm',
      'RoleBinding shop drydock-upgrade-helm',
    ]);
  });

  it('prints what backups need, in each namespace of a GitLab, and says what a Job may do', async () => {
    const given = ['--capability', 'backup', '--namespace', 'gitlab', '--namespace', 'gitlab-eu'];
    const args = [...given, '--without-restore'];
    expect(namesOf((await run(...args)).stdout)).toEqual(
      ['gitlab', 'gitlab-eu'].flatMap((namespace) => [
        `Role ${namespace} drydock-backup`,
        `RoleBinding ${namespace} drydock-backup`,
        `Role ${namespace} drydock-backup-preflight`,
        `RoleBinding ${namespace} drydock-backup-preflight`,
        `Role ${namespace} drydock-backup-secrets`,
        `RoleBinding ${namespace} drydock-backup-secrets`,
      ]),
    );
    const { stdout } = await run(...args, '--table');
    expect(stdout).toMatch(/^\| yes \| create \| jobs.batch \| gitlab \| .*may mount any Secret/m);
    expect(stdout).toContain('| no | get | secrets | gitlab |');
    expect(stdout).toContain('| no | create | jobs.batch | kube-system |');
    expect(stdout).toMatch(
      /^Group `drydock:backup-secrets`:\n\n(.*\n){2}\| yes \| get \| secrets \| gitlab \|/m,
    );
    expect(stdout).toContain('| yes | list | secrets | gitlab |');
    expect(stdout).not.toContain('drydock:restore');
  });

  it('prints beside it what a restore needs, whose writer of secrets reaches those of the chart alone', async () => {
    const args = ['--capability', 'backup', '--namespace', 'lab', '--release', 'lab'];
    const { stdout } = await run(...args);
    expect(namesOf(stdout).filter((name) => name.startsWith('Role '))).toEqual([
      'Role lab drydock-backup',
      'Role lab drydock-backup-preflight',
      'Role lab drydock-backup-secrets',
      'Role lab drydock-restore-plan',
      'Role lab drydock-restore',
      'Role lab drydock-restore-secrets',
    ]);
    const table = (await run(...args, '--table')).stdout;
    expect(table).toContain('| yes | update | secrets lab-rails-secret | lab |');
    expect(table).toContain('| no | update | secrets | lab |');
    expect(table).toMatch(/^Group `drydock:restore-plan`:$/m);
    expect(table).toMatch(/^Group `drydock:restore`:$/m);
  });

  it('prints what a drill needs in its place: that of the drill, of its restore, and of the reader; no backup is made there', async () => {
    const args = ['--capability', 'backup', '--drill-namespace', 'lab-drill', '--release', 'lab'];
    const roles = (text: string): string[] => namesOf(text).filter((name) => name.startsWith('Role '));
    const alone = [
      'Role lab-drill drydock-backup-secrets',
      'Role lab-drill drydock-restore-plan',
      'Role lab-drill drydock-restore',
      'Role lab-drill drydock-restore-secrets',
      'Role lab-drill drydock-drill',
    ];
    expect(roles((await run(...args)).stdout)).toEqual(alone);
    const both = roles((await run(...args, '--namespace', 'lab', '--namespace', 'lab-drill')).stdout);
    expect(both.toSorted()).toEqual([...new Set(both)].toSorted());
    expect(both).toEqual(expect.arrayContaining([...alone, 'Role lab drydock-restore']));
    expect(both).not.toContain('Role lab drydock-drill');
  });

  it('says what a drill may do in its place, and what it may not', async () => {
    const args = ['--capability', 'backup', '--drill-namespace', 'lab-drill', '--table'];
    const { stdout } = await run(...args);
    expect(stdout.match(/^Group `(.*)`:$/gm)).toEqual(
      ['backup-secrets', 'restore-plan', 'restore', 'restore-secrets', 'drill'].map(
        (group) => `Group \`drydock:${group}\`:`,
      ),
    );
    expect(stdout).toContain('| yes | create | networkpolicies.networking.k8s.io | lab-drill |');
    expect(stdout).toContain('| no | delete | namespaces | lab-drill |');
  });

  it('lets secrets be read by the names that stand in the values, and none be listed', async () => {
    const values = await mkdtemp(join(tmpdir(), 'values-'));
    const file = join(values, 'values.yaml');
    await writeFile(file, 'global: { psql: { host: db.example.com, password: { secret: acme-database } } }');
    const args = ['--capability', 'backup', '--namespace', 'gitlab', '--release', 'lab', '--values', file];
    const { stdout } = await run(...args);
    const role = parseAllDocuments(stdout)
      .map((document) => document.toJS() as Record<string, unknown>)
      .find(({ metadata }) => Named.shape.metadata.parse(metadata).name === 'drydock-backup-secrets');
    expect(role?.['rules']).toEqual([
      {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: expect.arrayContaining(['lab-rails-secret', 'acme-database']),
        verbs: ['get'],
      },
    ]);
    const table = await run(...args, '--table');
    expect(table.stdout).toContain('| yes | get | secrets acme-database | gitlab |');
    expect(table.stdout).toContain('| no | list | secrets | gitlab |');
    await rm(values, { recursive: true });
  });

  it('prints what that allows and what it does not', async () => {
    const { stdout } = await run('--capability', 'upgrade', '--helm-namespace', 'shop', '--table');
    expect(stdout).toContain('| yes | list | nodes | the whole cluster |');
    expect(stdout).toContain('| yes | list | secrets | shop |');
    expect(stdout).toContain('| no | list | secrets | the whole cluster |');
    expect(stdout).toContain('| no | delete | deployments.apps | the whole cluster |');
  });

  it.each([
    ['no namespace', [], /Name the namespaces of your targets/],
    ['no namespace of GitLab', ['--capability', 'backup'], /Name the namespaces of GitLab/],
    [
      'values of one GitLab and two namespaces',
      ['--capability', 'backup', '--namespace', 'a', '--namespace', 'b', '--values', 'values.yaml'],
      /Name one namespace with --values/,
    ],
    [
      'values, and the place of a drill, whose release has to be read',
      ['--capability', 'backup', '--drill-namespace', 'b', '--values', 'values.yaml'],
      /Leave --values out with --drill-namespace/,
    ],
    [
      'the place of a drill, and no restore',
      ['--capability', 'backup', '--drill-namespace', 'b', '--without-restore'],
      /Leave --without-restore out/,
    ],
    [
      'values that are not there',
      ['--capability', 'backup', '--namespace', 'a', '--values', 'no-such.yaml'],
      /no-such.yaml: there is no such file/,
    ],
    [
      'a capability that is none',
      ['--capability', 'cook'],
      /--capability deployment or --capability backup or --capability upgrade/,
    ],
  ])('with %s it says what to write, and prints no manifest', async (_, args, message) => {
    const { stdout, stderr, exitCode } = await run(...args);
    expect([stdout, exitCode]).toEqual(['', 2]);
    expect(stderr).toMatch(message);
  });
});

/** Node 20 runs no TypeScript: what a person is told to run goes through npm, which brings a Node that does. */
describe('the documents for users', () => {
  it.each([
    'README.md',
    'infra/README.md',
    'functions/backup/README.md',
    'functions/deployment/README.md',
    'functions/upgrade/README.md',
  ])('%s runs no source by the Node of the host', (file) => {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect(text.match(/(?<!made by |npx )\bnode functions\/\S+\.ts/g) ?? []).toEqual([]);
  });
});
