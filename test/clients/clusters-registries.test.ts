import { describe, expect, it } from 'vitest';
import { openClusters } from '../../functions/clients/clusters.ts';
import { openRegistries } from '../../functions/clients/registries.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { createFakeCluster } from '../support/fake-cluster.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

/** What the fake cluster does not play, and nobody asks here. */
const UNUSED = { readPodLog: async () => '', reviewAccess: async () => [] };

const configuration = Configuration.parse({
  version: 1,
  sites: { main: { account: '111122223333', region: 'eu-central-1' } },
  environments: { production: { cluster: { name: 'shop' } } },
  registries: {
    gitlab: { host: 'registry.example.com' },
    local: { host: 'localhost:5000', url: 'http://localhost:5000' },
  },
});

describe('clusters', () => {
  it('an environment that drydock.yaml does not have is a defect: its references were checked', () => {
    expect(() => openClusters(configuration)('mars')).toThrow(
      expect.objectContaining({ name: 'DefectError', code: 'environment.unknown' }),
    );
  });

  it('one connection an environment, to its cluster in the region of its site', async () => {
    const asked: unknown[] = [];
    const clusters = openClusters(configuration, async (address) => {
      asked.push(address);
      return Object.assign(createFakeCluster(), UNUSED);
    });
    expect(await clusters('production')).toBe(await clusters('production'));
    expect(asked).toEqual([{ cluster: 'shop', region: 'eu-central-1' }]);
  });

  it('a connection that failed is not kept: the next call tries again', async () => {
    let attempts = 0;
    const clusters = openClusters(configuration, async () => {
      attempts += 1;
      if (attempts === 1) throw new TransientError('eks.unreachable', 'EKS does not answer');
      return Object.assign(createFakeCluster(), UNUSED);
    });
    await expect(clusters('production')).rejects.toThrow('EKS does not answer');
    await clusters('production');
    expect(attempts).toBe(2);
  });
});

describe('registries', () => {
  const find = openRegistries(configuration, createFixedClock());

  it.each([
    ['registry.example.com/shop/web', 'shop/web'],
    ['localhost:5000/web', 'web'],
  ])('%s is %s of its registry', async (image, repository) => {
    expect((await find(image))?.repository).toBe(repository);
  });

  it.each(['other.example.com/shop/web', 'registry.example.com', 'web', 'registry.example.com.evil.org/web'])(
    '%s is of no registry of ours',
    async (image) => {
      expect(await find(image)).toBeUndefined();
    },
  );

  it('one connection a registry, so that its token serves all images', async () => {
    const [one, two, other] = await Promise.all(
      ['registry.example.com/a', 'registry.example.com/b', 'localhost:5000/a'].map(find),
    );
    expect(one?.registry).toBe(two?.registry);
    expect(one?.registry).not.toBe(other?.registry);
  });
});
