import { expect, it } from 'vitest';
import { run } from '../../functions/deployment/plan-sweep.ts';

it.each([
  ['nothing when no target follows an image', [], []],
  ['each repository once, in order', ['host/b', 'host/a', 'host/b'], ['host/a', 'host/b']],
])('plan-sweep lists %s', async (_, images, expected) => {
  expect(await run({}, { images })).toEqual({ images: expected });
});
