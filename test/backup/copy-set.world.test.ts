import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LargeObjects, startLargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';
import { createCopyWorld } from './copy-set-world.ts';

let stand: LargeObjects;
beforeAll(async () => {
  stand = await startLargeObjects();
});
afterAll(() => stand.stop());

it('an archive of 2 TB is copied in 7,451 parts, each of its own bytes, and found equal', async () => {
  const world = await createCopyWorld({ stand, bytes: 2e12 });
  // The time of one Lambda, whatever this machine does beside it.
  world.onPart(() => world.clock.advance(-1_000));
  expect(await world.copySet()).toMatchObject({ outcome: 'verified', slices: 1 });
  expect(world.copied).toBe(Math.ceil(world.object.size / 2 ** 28));
  const { size, checksum } = await world.describeCopy();
  expect([size, checksum]).toEqual([world.object.size, world.object.checksum]);
});
