import { describe, expect, it } from 'vitest';
import { Configuration } from '../../../../functions/records/configuration.ts';
import { createDrilledSite, DRILLED_CONFIGURATION, REHEARSAL } from '../../../support/drilled-site.ts';
import { writeOwnValues } from '../../../support/own-values.ts';
import { openExecution } from '../../../support/restore-execution.ts';
import { buildRelease } from '../../release/release-builder.ts';

/** What a restore empties must belong to nobody else, by the rule of drills. */

const { drill: _, ...ASKED } = REHEARSAL;
const STAGING = writeOwnValues('staging');

/** Production, whose backup it is, and staging in a cluster of its own. */
const createSite = async (staging = STAGING) => {
  const { backup, environments } = DRILLED_CONFIGURATION;
  const production = backup?.environments['production'];
  const { drill: __, ...restore } = production?.restore ?? {};
  const configuration = Configuration.parse({
    ...DRILLED_CONFIGURATION,
    environments: { ...environments, staging: { site: 'main', cluster: { name: 'green' } } },
    backup: {
      ...backup,
      environments: {
        production,
        staging: {
          ...production,
          restore: { ...restore, scratch: undefined },
          destination: { bucket: 'acme-staging-backups' },
          tmpBucket: 'staging-tmp',
          sourceBuckets: ['staging-*'],
        },
      },
    },
  });
  const site = await createDrilledSite(configuration);
  const { scratchValues } = site.state;
  const releases = ({ cluster }: { readonly cluster: string }) => ({
    readRelease: async (namespace: string) => {
      if (cluster === 'green') return buildRelease(staging, { namespace });
      return buildRelease(namespace === 'gitlab' ? '' : site.state.scratchValues, { namespace });
    },
  });
  return { ...site, deps: { ...site.deps, releases }, scratchValues };
};

describe('a restore into the scratch place', () => {
  it('goes on when all of it is its own', async () => {
    expect((await openExecution(await createSite()).plan(ASKED)).outcome).toBe('proceed');
  });

  it.each<[string, (values: string) => string, RegExp]>([
    ['of copied values', () => '', /Bucket acme-uploads is one of production\./],
    [
      'on the database server of people',
      (values) => values.replace('scratch-db', 'db'),
      /db\.example\.com \(database\) is db\.example\.com, the database server of production\./,
    ],
    [
      'on that server by another name',
      (values) => values.replace('scratch-db', 'other-name'),
      /other-name\.example\.com \(database\) is db\.example\.com, the database server of production\./,
    ],
    [
      'on a server that nobody can name',
      (values) => values.replace('scratch-cache', 'nowhere'),
      /Nobody can tell which server nowhere\.example\.com \(redis of the place\) is/,
    ],
    [
      'with a bucket of staging, whose backup it is not',
      (values) => values.replace('scratch-lfs', 'staging-lfs'),
      /Bucket staging-lfs is one of staging\./,
    ],
    [
      'with a bucket that looks like those of staging',
      (values) => values.replace('scratch-lfs', 'staging-elsewhere'),
      /Bucket staging-elsewhere looks like one of staging/,
    ],
    [
      'under the address of people',
      (values) => values.replace('scratch.example.com', 'staging.example.com'),
      /gitlab\.staging\.example\.com is the address of staging\./,
    ],
    [
      'without a name of a bucket',
      (values) => values.replace('scratch-lfs', ''),
      /could not be learned, since/,
    ],
  ])('%s is refused, which no override lets pass', async (_, change, reason) => {
    const site = await createSite();
    site.state.scratchValues = change(site.scratchValues);
    for (const more of [{}, { overrides: [{ check: 'own-places', why: 'it is late' }] }]) {
      const name = `asked-${Object.keys(more).length}`;
      const planned = await openExecution(site, name).plan({ ...ASKED, ...more });
      expect(planned.outcome).toBe('refused');
      expect(planned.reasons.join(' ')).toMatch(/own-places/);
      expect(planned.reasons.join(' ')).toMatch(reason);
    }
  });

  it('is refused while a GitLab that people use can not be read', async () => {
    const site = await createSite();
    const releases = ({ cluster }: { readonly cluster: string }) =>
      cluster === 'green' ? { readRelease: async () => undefined } : site.deps.releases({ cluster });
    const blind = { ...site, deps: { ...site.deps, releases } };
    const planned = await openExecution(blind).plan(ASKED);
    expect(planned.reasons.join(' ')).toMatch(/What staging uses is not known: there is no Helm release/);
  });
});

describe('a restore of production over staging', () => {
  const OVER = { ...ASKED, target: 'staging', confirm: 'staging' };
  const reasonsOf = async (staging: string, overrides: readonly object[] = []) => {
    const site = await createSite(staging);
    const { reasons } = await openExecution(site).plan({ ...OVER, overrides });
    return reasons.join(' ');
  };
  const shared = STAGING.replace('staging-db', 'db');

  it('minds what staging has in common with production, and not with itself', async () => {
    expect(await reasonsOf(STAGING)).not.toContain('own-places');
    expect(await reasonsOf(shared)).toMatch(
      /own-places: .* is db\.example\.com, the database server of production/,
    );
  });

  it('lets a person answer for a server that both have always shared', async () => {
    const overrides = [{ check: 'own-places', why: 'two databases on one server, as ever' }];
    expect(await reasonsOf(shared, overrides)).not.toContain('own-places');
  });
});
