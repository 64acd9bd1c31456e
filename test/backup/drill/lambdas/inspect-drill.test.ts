import { describe, expect, it } from 'vitest';
import { run as inspect } from '../../../../functions/backup/inspect-drill.ts';
import type { HelmReleases } from '../../../../functions/clients/helm-releases.ts';
import {
  drillInspectionKey,
  drillInspectionKind,
} from '../../../../functions/records/backup/drill-inspection.ts';
import { Configuration } from '../../../../functions/records/configuration.ts';
import { DefectError, RefusedError, TransientError } from '../../../../functions/runtime/errors.ts';
import { openDrillExecution } from '../../../support/drill-execution.ts';
import { PLACE } from '../../../support/drill-place.ts';
import { createDrillSite, DRILL_CONFIGURATION } from '../../../support/drill-site.ts';
import { calmInvocation } from '../../../support/target-world.ts';
import { buildRelease } from '../../release/release-builder.ts';

const drill = { environment: 'production', id: 'drill-1' };

/** With a second environment that is backed up, in a cluster of its own. */
const TWO = Configuration.parse({
  ...DRILL_CONFIGURATION,
  environments: {
    ...DRILL_CONFIGURATION.environments,
    staging: { site: 'main', cluster: { name: 'green' } },
  },
  backup: {
    environments: {
      production: DRILL_CONFIGURATION.backup?.environments['production'],
      staging: {
        ...DRILL_CONFIGURATION.backup?.environments['production'],
        destination: { bucket: 'acme-staging-backups' },
        tmpBucket: 'acme-staging-tmp',
        restore: {},
      },
    },
  },
});

const open = async () => {
  const site = await createDrillSite();
  const execution = openDrillExecution(site);
  await execution.begin();
  const look = async (releases?: (cluster: string) => HelmReleases, configuration = DRILL_CONFIGURATION) => {
    const deps = {
      ...site.deps,
      configuration,
      ...(releases ? { releases: ({ cluster }: { readonly cluster: string }) => releases(cluster) } : {}),
    };
    const output = await inspect({ execution: execution.execution, drill }, deps, calmInvocation());
    const written = (await site.memory.read(drillInspectionKind, drillInspectionKey(drill)))?.value;
    return { output, written };
  };
  return { site, look };
};

const readable = (namespace: string) =>
  buildRelease(namespace === PLACE ? 'global: { hosts: { domain: scratch.example.com } }' : '', {
    namespace,
  });
const failing = (error: Error): HelmReleases => ({
  readRelease: async (namespace) => {
    if (namespace !== PLACE) throw error;
    return readable(namespace);
  },
});

describe('the look at the place of a drill', () => {
  it('writes down what tells it and every environment apart: names and addresses', async () => {
    const { look } = await open();
    const { output, written } = await look();
    expect(output).toEqual({
      outcome: 'inspected',
      message: `Read release ${PLACE}/gitlab of blue, and 1 environments.`,
    });
    expect(written?.place).toMatchObject({
      known: true,
      value: {
        account: '111122223333',
        cluster: 'blue',
        namespace: PLACE,
        servers: [
          { what: 'database', host: 'scratch-db.example.com', addresses: ['10.9.0.5'] },
          { what: 'redis', host: 'scratch-cache.example.com', addresses: ['10.9.0.6'] },
        ],
      },
    });
    expect(written?.used).toMatchObject([
      {
        environment: 'production',
        namespaces: ['gitlab'],
        servers: [{ addresses: ['10.0.0.5'] }, { addresses: ['10.0.0.6'] }],
      },
    ]);
    expect(written?.mail).toEqual({ known: true, value: { on: [] } });
  });

  it('counts the buckets that a restore fills as the place, and not that of the archives', async () => {
    const { look } = await open();
    const { written } = await look();
    const buckets = written?.place.known ? written.place.value.buckets : [];
    expect(buckets).toContain('scratch-uploads');
    expect(buckets).toContain('scratch-tmp');
    expect(buckets).not.toContain('acme-backups');
    expect(written?.used[0]?.buckets).toEqual(
      expect.arrayContaining(['acme-backups', 'acme-uploads', 'acme-tmp']),
    );
  });

  it.each([
    ['bucket: scratch-uploads', 'bucket: null', /uploads\.bucket/],
    ['tmpBucket: scratch-tmp', 'tmpBucket: null', /tmpBucket/],
  ])('does not know a place whose values leave a bucket unnamed: %s', async (from, to, why) => {
    const { site, look } = await open();
    site.switches.scratchValues = site.switches.scratchValues.replace(from, to);
    const { written } = await look();
    expect(written?.place).toMatchObject({ known: false, why: expect.stringMatching(why) });
  });

  it.each<[string, HelmReleases, RegExp]>([
    [
      'a right is missing',
      failing(new RefusedError('kubernetes.forbidden', 'It may not list secrets.')),
      /list secrets/,
    ],
    [
      'its API server stays away',
      failing(new TransientError('kubernetes.unreachable', 'blue is away.')),
      /blue is away/,
    ],
    [
      'there is no release',
      { readRelease: async (name) => (name === PLACE ? readable(name) : undefined) },
      /no Helm release/,
    ],
  ])('says of an environment that it is not known when %s, and sees the others', async (_, releases, why) => {
    const { look } = await open();
    const other: HelmReleases = { readRelease: async (namespace) => readable(namespace) };
    const { written } = await look((cluster) => (cluster === 'green' ? other : releases), TWO);
    expect(written?.used.map(({ environment, unread }) => [environment, unread])).toEqual([
      ['production', expect.stringMatching(why)],
      ['staging', undefined],
    ]);
    expect(written?.place.known).toBe(true);
  });

  it('asks an API server that is away for a moment again', async () => {
    const { look } = await open();
    let calls = 0;
    const { written } = await look(() => ({
      readRelease: async (namespace) => {
        calls += 1;
        if (namespace !== PLACE && calls < 3)
          throw new TransientError('kubernetes.unreachable', 'blue is away.');
        return readable(namespace);
      },
    }));
    expect(written?.used[0]?.unread).toBeUndefined();
  });

  it.each([
    new TransientError('kubernetes.unreachable', 'The cluster is away.'),
    new DefectError('unexpected', 'A bug.'),
  ])('writes nothing when the place can not be read for now: $message', async (error) => {
    const { site, look } = await open();
    const releases: HelmReleases = {
      readRelease: async (namespace) => {
        if (namespace === PLACE) throw error;
        return readable(namespace);
      },
    };
    await expect(look(() => releases)).rejects.toBe(error);
    expect(site.memory.objects.has(drillInspectionKey(drill))).toBe(false);
  });

  it('says why it may not read the place', async () => {
    const { look } = await open();
    const { written } = await look(() => ({
      readRelease: async () => {
        throw new RefusedError('kubernetes.forbidden', 'It may not list secrets.');
      },
    }));
    expect(written?.place).toEqual({ known: false, why: 'It may not list secrets' });
  });

  it('holds no value of a release', async () => {
    const { site, look } = await open();
    site.switches.scratchValues += '  smtp: { enabled: true, password: canary-of-values }\n';
    await look();
    expect(site.memory.objects.get(drillInspectionKey(drill))).not.toContain('canary');
  });
});
