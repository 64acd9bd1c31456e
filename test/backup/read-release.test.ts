import { describe, expect, it } from 'vitest';
import { run } from '../../functions/backup/read-release.ts';
import type { HelmRelease } from '../../functions/clients/helm-releases.ts';
import { releaseFactsKind } from '../../functions/records/backup/release-facts.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { buildEntry } from '../support/backup-sets.ts';
import { buildSubject, openRun, RUN_INPUT, RUN_SET } from '../support/backup-step.ts';
import { buildRelease } from './release/release-builder.ts';
import { args } from './values/ordinary-values.ts';

/** The step that reads the Helm release of a GitLab. */

const FORBIDDEN = new RefusedError('kubernetes.forbidden', 'No right to list secrets.', {
  permission: 'list secrets',
});
const AWAY = new TransientError('kubernetes.unreachable', 'No answer.');

interface Given {
  readonly release?: HelmRelease | Error | undefined;
  readonly more?: object;
  readonly lastBytes?: number;
  readonly secret?: Error;
}

const read = async (given: Given = {}) => {
  const { ledger, sets, clock } = await openRun();
  const asked: string[] = [];
  const answer = await run(
    RUN_INPUT,
    {
      ledger,
      sets: {
        change: (...change) => sets.change(...change),
        list: async () => (given.lastBytes === undefined ? [] : [buildEntry(24, { size: given.lastBytes })]),
      },
      subject: () => buildSubject({}, given.more),
      releases: () => ({
        async readRelease(namespace, name) {
          asked.push(`release ${namespace}/${name}`);
          const release = 'release' in given ? given.release : buildRelease();
          if (release instanceof Error) throw release;
          return release;
        },
      }),
      secrets: () => ({
        async readSecret(namespace, name) {
          asked.push(`secret ${namespace}/${name}`);
          if (given.secret) throw given.secret;
          return undefined;
        },
      }),
      clock,
    },
    { signal: AbortSignal.timeout(5_000) },
  );
  const facts = await ledger.read(releaseFactsKind, backupRunKey(RUN_SET, 'release'));
  return { answer, facts: facts?.value, asked, set: await sets.read(RUN_SET) };
};

describe('a release that can be read', () => {
  it('becomes the fact of the run, and what a restore has to install', async () => {
    const { answer, facts, set } = await read();
    expect(answer).toEqual({
      outcome: 'read',
      message: 'Read revision 7 of gitlab/gitlab, chart 9.10.0.',
    });
    expect(facts).toMatchObject({ state: 'read', revision: 7, readAt: '2026-11-21T03:00:05.000Z' });
    expect(set?.helm).toEqual({
      release: 'gitlab',
      namespace: 'gitlab',
      chartVersion: '9.10.0',
      revision: 7,
    });
  });

  it('is looked for under the names of drydock.yaml, and three secrets beside it', async () => {
    const release = buildRelease('', { namespace: 'code', name: 'lab' });
    const { asked } = await read({ release, more: { namespace: 'code', release: 'lab' } });
    expect(asked).toEqual([
      'release code/lab',
      'secret code/gitlab-object-storage',
      'secret code/gitlab-registry-storage',
      'secret code/gitlab-s3cfg',
    ]);
  });

  it('says how many traps its values hold', async () => {
    const { answer } = await read({
      release: buildRelease(args('--repositories-server-side --skip repositories')),
    });
    expect(answer.message).toMatch(/ Its values hold 1 trap\.$/);
  });

  it('is judged by the size of the last archive that was found whole', async () => {
    const codes = async (lastBytes: number) => {
      const { facts } = await read({ release: buildRelease(args('--s3tool s3cmd')), lastBytes });
      return facts?.state === 'read' ? facts.findings.map(({ code }) => code) : [];
    };
    expect(await codes(400e9)).toContain('s3cmd-ceiling');
    expect(await codes(100e9)).not.toContain('s3cmd-ceiling');
  });

  it('is read although no secret beside it may be', async () => {
    const { facts } = await read({ secret: FORBIDDEN });
    expect(facts).toMatchObject({
      state: 'read',
      unread: expect.arrayContaining([{ secret: 'gitlab-s3cfg', why: 'no right to list secrets' }]),
    });
  });
});

describe('a release that can not be read', () => {
  it.each<[string, Given, object]>([
    [
      'names the right that is missing',
      { release: FORBIDDEN },
      { problem: 'No right to list secrets.', permission: 'list secrets' },
    ],
    [
      'is not there',
      { release: undefined },
      { problem: 'There is no Helm release gitlab/gitlab in cluster shop.' },
    ],
    [
      'is of another chart',
      { release: buildRelease('', { chart: 'nextcloud' }) },
      { problem: expect.stringContaining('a chart called nextcloud') },
    ],
    [
      'is not to be read',
      { more: { secrets: { bucket: 'acme-secrets', kmsKey: 'alias/secrets', helmValues: false } } },
      { problem: 'The values are not read, as secrets.helmValues in drydock.yaml says.' },
    ],
  ])('%s, and the run goes on', async (_, given, expected) => {
    const { answer, facts, set } = await read(given);
    expect(facts).toMatchObject({ state: 'unknown', ...expected });
    expect(answer).toMatchObject({
      outcome: 'unknown',
      message: facts?.state === 'unknown' && facts.problem,
    });
    expect(set?.helm).toBeUndefined();
  });

  it('since nobody answers is tried again', async () => {
    await expect(read({ release: AWAY })).rejects.toBe(AWAY);
    await expect(read({ secret: AWAY })).rejects.toBe(AWAY);
  });

  it('since it is not to be read takes no right at all', async () => {
    const helmValues = false;
    const { asked } = await read({
      more: { secrets: { bucket: 'acme-secrets', kmsKey: 'alias/secrets', helmValues } },
    });
    expect(asked).toEqual([]);
  });
});
