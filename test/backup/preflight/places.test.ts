import { describe, expect, it } from 'vitest';
import { findSources } from '../../../functions/backup/preflight/places.ts';
import type { ReleaseFacts } from '../../../functions/records/backup/release-facts.ts';
import { buildSubject } from '../../support/backup-step.ts';
import { buildComponent, buildRelease } from '../../support/release-facts.ts';

const UNKNOWN: ReleaseFacts = {
  state: 'unknown',
  version: 1,
  readAt: '2026-11-21T03:00:06.000Z',
  problem: 'There is no Helm release gitlab/gitlab.',
};

describe('buckets that the tool reads', () => {
  it.each<[string, object, ReleaseFacts | undefined, ReturnType<typeof findSources>]>([
    [
      'those of components that are on, without what versions protect',
      {},
      buildRelease(),
      { buckets: ['acme-uploads', 'acme-lfs'] },
    ],
    [
      'without what is skipped',
      { skip: ['lfs'], versions: [] },
      buildRelease(),
      { buckets: ['acme-registry', 'acme-uploads', 'acme-artifacts'] },
    ],
    [
      'none of a native set, whose buckets have versions',
      { kind: 'native' },
      buildRelease(),
      { buckets: [] },
    ],
    [
      'one bucket of two components once',
      {},
      buildRelease({
        components: [buildComponent('uploads'), buildComponent('lfs', { bucket: 'acme-uploads' })],
      }),
      { buckets: ['acme-uploads'] },
    ],
    [
      'and perhaps others, when the values name none',
      {},
      buildRelease({
        components: [
          buildComponent('uploads'),
          { component: 'lfs', on: true, path: 'global.appConfig.lfs.bucket' },
        ],
      }),
      { buckets: ['acme-uploads'], unknown: 'the values name no bucket of lfs' },
    ],
    [
      'unknown without a release',
      {},
      UNKNOWN,
      { buckets: [], unknown: 'There is no Helm release gitlab/gitlab' },
    ],
    ['unknown when nobody looked', {}, undefined, { buckets: [], unknown: 'the Helm release was not read' }],
    [
      'unknown outside of S3',
      {},
      buildRelease({ backend: 'other' }),
      { buckets: [], unknown: 'the toolbox keeps its archives outside of S3' },
    ],
  ])('are %s', (_, policy, release, expected) => {
    const gitaly = { gitaly: { bucket: 'acme-gitaly' }, database: { instance: 'gitlab-db' } };
    expect(findSources(buildSubject(policy, gitaly), release)).toEqual(expected);
  });
});
