import { describe, expect, it } from 'vitest';
import { chartCronJobBody } from '../../../support/chart-cron-job.ts';
import { openDrillExecution } from '../../../support/drill-execution.ts';
import { PLACE } from '../../../support/drill-place.ts';
import { createDrillSite, type DrillSite } from '../../../support/drill-site.ts';
import { buildAutoscaler, buildWorkload } from '../../restore/restore-builders.ts';

const values = (from: string, to: string) => (site: DrillSite) => {
  expect(site.switches.scratchValues).toContain(from);
  site.switches.scratchValues = site.switches.scratchValues.replace(from, to);
};

describe('a place that is not fit', () => {
  it.each<[string, (site: DrillSite) => void, RegExp]>([
    [
      'its bucket is somebody’s',
      values('scratch-uploads', 'acme-uploads'),
      /acme-uploads is one of production/,
    ],
    [
      'its database is somebody’s by another name',
      ({ switches }) => void (switches.addresses['scratch-db.example.com'] = ['10.0.0.5']),
      /the database server of production/,
    ],
    [
      'nobody knows its database',
      ({ switches }) => void (switches.addresses['scratch-db.example.com'] = []),
      /no address is known/,
    ],
    [
      'its address is somebody’s',
      values('scratch.example.com', 'example.com'),
      /gitlab\.example\.com is the address of production/,
    ],
    ['it writes mail', values('global:', 'global:\n  smtp: { enabled: true }'), /global\.smtp\.enabled/],
    [
      'something runs there',
      ({ place }) =>
        place.scaling.putWorkload(buildWorkload('gitlab-kas', { namespace: PLACE, replicas: 1 })),
      /gitlab-kas is not at 0/,
    ],
    [
      'KEDA scales there',
      ({ place }) =>
        place.scaling.putAutoscaler(buildAutoscaler('ScaledObject', 'web', { namespace: PLACE })),
      /pause it/,
    ],
    [
      'another GitLab stands there',
      ({ place }) => place.cluster.putCronJob(PLACE, otherVersion()),
      /GitLab 18\.9\.0-ee stands there/,
    ],
    [
      'a policy of others lets pods out',
      ({ place }) =>
        place.policies.put({
          namespace: PLACE,
          name: 'chart',
          uid: 'c',
          labels: {},
          spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
        }),
      /NetworkPolicy gitlab-scratch\/chart/,
    ],
    [
      'what is allowed is too wide',
      (site) => allow(site, { cidr: '0.0.0.0/0', ports: [443], why: 'S3' }),
      /too wide/,
    ],
    [
      'what is allowed holds a server of people',
      (site) => allow(site, { cidr: '10.0.0.0/24', ports: [443, 5432], why: 'endpoints' }),
      /10\.0\.0\.5, which must stay out of reach/,
    ],
    [
      'there is no environment left to compare with',
      (site) => void (site.deps.configuration = { ...site.deps.configuration, environments: {} }),
      /not known/,
    ],
  ])('is refused when %s, and nothing is done there', async (_, spoil, reason) => {
    const site = await createDrillSite();
    const execution = openDrillExecution(site);
    await execution.begin();
    spoil(site);
    const played = await execution.follow();
    expect(played.outcome).toBe('refused');
    expect((await site.readRun())?.failure?.reasons.join(' ')).toMatch(reason);
    expect(site.place.cluster.made).toEqual([]);
    expect(site.place.scaling.made).toEqual([]);
    expect(site.notifier.published.map(({ severity }) => severity)).toEqual(['warning']);
  });

  it('may have its endpoints in the network of a server of people, on other ports', async () => {
    const site = await createDrillSite();
    allow(site, { cidr: '10.0.0.0/24', ports: [443], why: 'endpoints' });
    expect((await openDrillExecution(site).play()).outcome).toBe('passed');
  });
});

const otherVersion = (): object => {
  const text = JSON.stringify(chartCronJobBody()).replaceAll('v18.10.0', 'v18.9.0');
  return JSON.parse(text);
};

const allow = (site: DrillSite, entry: { cidr: string; ports: number[]; why: string }): void => {
  const configuration = structuredClone(site.deps.configuration);
  configuration.backup?.environments['production']?.restore.drill?.allowed.push(entry);
  site.deps.configuration = configuration;
};
