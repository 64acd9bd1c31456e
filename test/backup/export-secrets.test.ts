import { describe, expect, it } from 'vitest';
import { noteSet } from '../../functions/backup/run/run-note.ts';
import { releaseFactsKind } from '../../functions/records/backup/release-facts.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import { backupRunNoteKey, backupRunNoteKind } from '../../functions/records/backup/run-note.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { buildSet } from '../support/backup-sets.ts';
import { buildRunningSet, RUN_EXECUTION, RUN_SET } from '../support/backup-step.ts';
import { CANARY, NAMES, openExport } from './export-run.ts';
import { buildRelease, describeOf } from './release/release-builder.ts';

/** The secrets of a GitLab, saved with its set. */

const denied = (name: string) =>
  new RefusedError('kubernetes.forbidden', 'No right.', { permission: `get secrets/${name}` });
const AWAY = new TransientError('kubernetes.unreachable', 'No answer.');

describe('an export', () => {
  it('holds every secret that belongs to the set, and the values of the release', async () => {
    const { save, vault } = await openExport();
    expect(await save()).toEqual({ outcome: 'exported', missing: [], warnings: [] });
    const document = await vault.read(RUN_SET.id);
    expect(document.secrets.map(({ name }) => name)).toEqual(NAMES);
    expect(document.helmValues).toContain('bucket: acme-uploads');
    const { data } = document.secrets.find(({ name }) => name === 'gitlab-s3cfg') ?? {};
    expect(Buffer.from(data?.['password'] ?? '', 'base64').toString()).toBe(`${CANARY} of gitlab-s3cfg`);
  });

  it('stands in the manifest by its place and its fingerprints', async () => {
    const { save, manifest } = await openExport();
    await save();
    const set = await manifest();
    const object = { bucket: 'acme-secrets', key: `production/sets/${RUN_SET.id}/secrets.json` };
    expect(set).toMatchObject({
      secrets: { object, kmsKey: expect.stringContaining(':key/'), values: 'saved' },
      helm: { release: 'gitlab', namespace: 'gitlab', chartVersion: '9.10.0', revision: 7, values: object },
    });
    const { secrets: fingerprints = [] } = set?.secrets?.fingerprints ?? {};
    expect(fingerprints.map(({ name }) => name)).toEqual(NAMES);
    expect(new Set(fingerprints.map(({ state }) => state))).toEqual(new Set(['read']));
  });

  it('taken again changes nothing, and reads nothing', async () => {
    const { save, manifest, asked } = await openExport();
    await save();
    const before = await manifest();
    const reads = asked.length;
    expect(await save()).toMatchObject({ outcome: 'exported' });
    expect(await manifest()).toEqual(before);
    expect(asked).toHaveLength(reads);
  });

  it('that an attempt wrote before it died is the one that counts, though a secret has changed since', async () => {
    const { save, manifest, sets, cluster, vault } = await openExport();
    await save();
    const first = await manifest();
    await sets.change(RUN_SET, ({ secrets: _lost, ...set }) => set);
    const data = { password: Buffer.from('another') };
    cluster.set('gitlab-s3cfg', { name: 'gitlab-s3cfg', type: 'Opaque', data });
    expect(await save()).toMatchObject({ outcome: 'exported' });
    expect((await manifest())?.secrets).toEqual(first?.secrets);
    expect(JSON.stringify(await vault.read(RUN_SET.id))).not.toContain(
      Buffer.from('another').toString('base64'),
    );
  });

  it('lies in no clear text anywhere, nor in what is said of it', async () => {
    const { save, ledger, memory, cluster } = await openExport({
      release: buildRelease(`global: { smtp: { user_name: "${CANARY}" } }`),
    });
    cluster.set('gitlab-redis', denied('gitlab-redis'));
    const answer = await save();
    const base64 = Buffer.from(CANARY).toString('base64').slice(0, 12);
    const everything = JSON.stringify([answer, [...ledger.objects], [...memory.objects]]);
    expect(answer.outcome).toBe('exported');
    expect(everything).not.toContain(CANARY);
    expect(everything).not.toContain(base64);
  });
});

describe('a set without its secrets', () => {
  const without = (name: string) => async (world: Awaited<ReturnType<typeof openExport>>) => {
    world.cluster.delete(name);
  };
  it.each<[string, (world: Awaited<ReturnType<typeof openExport>>) => Promise<void>, string]>([
    ['lacks a required one that is not there', without('gitlab-rails-secret'), 'gitlab-rails-secret'],
    [
      'lacks a required one that may not be read',
      async ({ cluster }) => void cluster.set('gitlab-gitaly-secret', denied('gitlab-gitaly-secret')),
      'gitlab-gitaly-secret',
    ],
    [
      'lacks keys of Rails that can be read',
      async ({ cluster }) =>
        void cluster.set('gitlab-rails-secret', {
          name: 'gitlab-rails-secret',
          type: 'Opaque',
          data: { 'secrets.yml': Buffer.from(`production: [${CANARY}`) },
        }),
      'gitlab-rails-secret',
    ],
    [
      'lacks one that is empty',
      async ({ cluster }) =>
        void cluster.set('gitlab-postgresql', { name: 'gitlab-postgresql', type: 'Opaque', data: {} }),
      'gitlab-postgresql',
    ],
  ])('%s, by its name', async (_, change, name) => {
    const world = await openExport();
    await change(world);
    const answer = await world.save();
    expect(answer).toMatchObject({
      outcome: 'failed',
      reason: `The secrets were not saved: ${name} could not be read, or made no sense.`,
      missing: [name],
    });
    expect(JSON.stringify(answer)).not.toContain(CANARY);
    expect(world.memory.objects.size).toBe(0);
    expect((await world.manifest())?.secrets).toBeUndefined();
  });

  it('that has failed takes none', async () => {
    const { save, asked } = await openExport({ set: buildRunningSet({ state: 'failed' }) });
    expect(await save()).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('is failed') });
    expect(asked).toEqual([]);
  });

  it('of a run that was ended takes none', async () => {
    const { save, ledger, clock, asked } = await openExport();
    await noteSet(RUN_EXECUTION, RUN_SET, { ledger, clock });
    const key = backupRunNoteKey(RUN_EXECUTION.name);
    const { etag = '' } = (await ledger.read(backupRunNoteKind, key)) ?? {};
    const ended = { at: '2026-11-21T03:00:06.000Z', outcome: 'failed', notice: 'n' };
    await ledger.change(backupRunNoteKind, key, etag, {
      version: 1,
      execution: RUN_EXECUTION,
      set: RUN_SET,
      ended,
    });
    expect(await save()).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('was ended') });
    expect(asked).toEqual([]);
  });

  it('that a vault refuses says so', async () => {
    const { save, vault } = await openExport();
    vault.write = async () => {
      throw new RefusedError('vault.forbidden', 'No right to kms:GenerateDataKey.');
    };
    expect(await save()).toMatchObject({ outcome: 'failed', reason: 'No right to kms:GenerateDataKey.' });
  });

  it('since nobody answers is tried again', async () => {
    const { save, cluster } = await openExport();
    cluster.set('gitlab-redis', AWAY);
    await expect(save()).rejects.toBe(AWAY);
    await expect((await openExport({ release: AWAY })).save()).rejects.toBe(AWAY);
  });
});

describe('what is worth knowing', () => {
  it('a secret that a part uses and that may not be read is a warning, and stands in the fingerprints', async () => {
    const { save, cluster, manifest } = await openExport();
    cluster.set('gitlab-redis', denied('gitlab-redis'));
    const answer = await save();
    expect(answer.outcome).toBe('exported');
    expect(answer.warnings).toEqual([expect.stringContaining('no right to get secrets/gitlab-redis')]);
    const redis = (await manifest())?.secrets?.fingerprints.secrets.find(
      ({ name }) => name === 'gitlab-redis',
    );
    expect(redis).toMatchObject({ state: 'unreadable', keys: {} });
  });

  it('one that can be made anew and is not there is none', async () => {
    const { save, cluster } = await openExport();
    cluster.delete('gitlab-gitlab-initial-root-password');
    expect((await save()).warnings).toEqual([]);
  });

  it('without the values of the release those are saved that the chart names, and the set says so', async () => {
    const release = new RefusedError('kubernetes.forbidden', 'No right to list secrets.');
    const { save, cluster, manifest } = await openExport({ release });
    for (const name of ['gitlab-postgresql-password', 'gitlab-redis-secret']) {
      cluster.set(name, { name, type: 'Opaque', data: { password: Buffer.from('x') } });
    }
    const answer = await save();
    expect(answer).toMatchObject({ outcome: 'exported', warnings: ['No right to list secrets.'] });
    expect(await manifest()).toMatchObject({ secrets: { values: 'unreadable' } });
    expect(await manifest()).not.toHaveProperty('helm');
  });

  it('values that drydock.yaml leaves out are not asked for', async () => {
    const secrets = { bucket: 'acme-secrets', kmsKey: 'alias/secrets', helmValues: false };
    const { save, cluster, manifest, vault } = await openExport({ more: { secrets }, release: AWAY });
    cluster.set('gitlab-postgresql-password', {
      name: 'gitlab-postgresql-password',
      type: 'Opaque',
      data: { password: Buffer.from('x') },
    });
    expect(await save()).toMatchObject({ outcome: 'exported' });
    expect(await manifest()).toMatchObject({ secrets: { values: 'left-out' } });
    expect(await vault.read(RUN_SET.id)).not.toHaveProperty('helmValues');
  });

  it('secrets that drydock.yaml names are saved beside the others', async () => {
    const secrets = { bucket: 'acme-secrets', kmsKey: 'alias/secrets', names: ['acme-sso', 'gitlab-redis'] };
    const { save, cluster, vault } = await openExport({ more: { secrets } });
    cluster.set('acme-sso', { name: 'acme-sso', type: 'Opaque', data: { key: Buffer.from('x') } });
    expect((await save()).warnings).toEqual([]);
    const names = (await vault.read(RUN_SET.id)).secrets.map(({ name }) => name);
    expect(names).toEqual([...NAMES, 'acme-sso']);
  });

  it('what changed since the last verified set is told by its name', async () => {
    const { save, sets, cluster, manifest, memory } = await openExport();
    await save();
    const fingerprints = (await manifest())?.secrets;
    await sets.open(
      buildSet({ id: '1795143600_2026_11_20_18.10.0-ee', ...(fingerprints && { secrets: fingerprints }) }),
    );
    await sets.change(RUN_SET, ({ secrets: _gone, ...set }) => set);
    memory.objects.delete(`production/sets/${RUN_SET.id}/secrets.json`);
    const data = { password: Buffer.from('rotated') };
    cluster.set('gitlab-gitaly-secret', { name: 'gitlab-gitaly-secret', type: 'Opaque', data });
    cluster.delete('gitlab-redis');
    const { warnings } = await save();
    expect(warnings).toEqual([
      expect.stringContaining('Secret gitlab-redis does not exist'),
      expect.stringMatching(/^Since set 1795143600_2026_11_20_18\.10\.0-ee: .*gitlab-redis/),
      expect.stringMatching(
        /^Since set 1795143600_2026_11_20_18\.10\.0-ee: Secret gitlab-gitaly-secret differs/,
      ),
    ]);
  });

  it('an upgrade by Helm while the backup was made is told', async () => {
    const { save, ledger } = await openExport({ release: buildRelease('', { revision: 8 }) });
    const facts = describeOf(buildRelease());
    await ledger.claim(releaseFactsKind, backupRunKey(RUN_SET, 'release'), facts);
    expect((await save()).warnings).toEqual(['Helm went from revision 7 to 8 while the backup was made.']);
  });
});
