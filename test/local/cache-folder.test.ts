import { expect, test } from 'vitest';

import { cacheFolder } from '../../infra/local/cache-folder.ts';
import { formatDuration } from '../../infra/local/report.ts';

test.for([
  [{ DRYDOCK_CACHE: '/big/disk', XDG_CACHE_HOME: '/xdg' }, '/big/disk'],
  [{ DRYDOCK_CACHE: '', XDG_CACHE_HOME: '/xdg' }, '/xdg/drydock'],
  [{ XDG_CACHE_HOME: 'relative' }, '/home/ada/.cache/drydock'],
  [{}, '/home/ada/.cache/drydock'],
] as const)('with %j the cache is in %s', ([environment, folder]) => {
  expect(cacheFolder(environment, '/home/ada')).toBe(folder);
});

test.for([
  [400, '0.4 s'],
  [12_300, '12 s'],
  [119_600, '2 min 0 s'],
  [320_000, '5 min 20 s'],
] as const)('%i ms reads %s', ([ms, text]) => {
  expect(formatDuration(ms)).toBe(text);
});
