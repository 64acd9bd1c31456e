import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { runHelm, runKubectl } from '../../infra/local/helm.ts';

afterEach(() => vi.unstubAllEnvs());

it('Helm and kubectl run for all who ask for them at once when nobody has unpacked them yet', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
  try {
    const asked = await Promise.all([
      ...Array.from({ length: 4 }, () => runHelm('none', ['version', '--short'])),
      ...Array.from({ length: 4 }, () => runKubectl('none', ['version', '--client'])),
    ]);
    expect(asked.filter(({ failed }) => failed)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
