import { describe, expect, it, test } from 'vitest';
import { findDatabaseClients } from '../../../functions/backup/restore/database-clients.ts';
import { buildWorkload } from './restore-builders.ts';

/** What stands still while a GitLab is restored, by the labels that charts give to pods. */

const OF = { release: 'gitlab', replaced: ['uploads'] };
const find = (
  podLabels: Readonly<Record<string, string>>,
  of: Parameters<typeof findDatabaseClients>[1] = OF,
) => findDatabaseClients([buildWorkload('one', { podLabels })], of).map(({ workload }) => workload.name);

describe('scaled to 0 is', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['each group of web pods', { app: 'webservice', release: 'gitlab' }],
    ['each queue of Sidekiq', { app: 'sidekiq', release: 'gitlab' }],
    [
      'Prometheus, which the documented label of GitLab does not match',
      { 'app.kubernetes.io/name': 'prometheus', 'app.kubernetes.io/instance': 'gitlab' },
    ],
    ['Prometheus of an older chart', { app: 'prometheus', release: 'gitlab' }],
    ['the exporter', { app: 'gitlab-exporter', release: 'gitlab' }],
    ['the log cursor of Geo', { app: 'geo-logcursor', release: 'gitlab' }],
  ])('%s', (_, labels) => {
    expect(find(labels)).toEqual(['one']);
    const others = Object.entries(labels).map(([key, value]) => [key, value === 'gitlab' ? 'other' : value]);
    expect(find(Object.fromEntries(others)), 'of another release').toEqual([]);
  });

  it('the registry, when its bucket is replaced', () => {
    const labels = { app: 'registry', release: 'gitlab' };
    expect(find(labels)).toEqual([]);
    expect(find(labels, { ...OF, replaced: ['registry'] })).toEqual(['one']);
  });
});

test.each(['gitaly', 'praefect', 'toolbox', 'gitlab-shell', 'kas', 'postgresql', 'redis'])(
  '%s goes on: the restore needs it, or it writes nothing by itself',
  (app) => {
    expect(find({ app, release: 'gitlab' })).toEqual([]);
  },
);
