import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CONFIGURATION = {
  version: 1,
  sites: { main: { account: '111122223333', region: 'eu-central-1' } },
};

let layer = '';
beforeAll(async () => {
  layer = await mkdtemp(join(tmpdir(), 'drydock-layer-'));
  for (const [name, value] of Object.entries({ good: CONFIGURATION, bad: { version: 2 } })) {
    const folder = join(layer, name, 'drydock-configuration');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"name":"drydock-configuration"}');
    await writeFile(join(folder, 'configuration.json'), JSON.stringify(value));
  }
});
afterAll(() => rm(layer, { recursive: true }));

/** Reads the configuration twice in a Node process of its own, as a sandbox does: NODE_PATH counts at its start. */
const readIn = (modules: string) => {
  const module = new URL('../../functions/runtime/configuration.ts', import.meta.url).href;
  const script = `
    import { readConfiguration } from '${module}';
    try {
      const first = readConfiguration();
      console.log(JSON.stringify({ sites: first.sites, isRead: first === readConfiguration() ? 'once' : 'twice' }));
    } catch ({ name, code, message }) {
      console.log(JSON.stringify({ name, code, message }));
    }`;
  return execa('node', ['--input-type=module', '--eval', script], {
    preferLocal: true,
    env: { NODE_PATH: join(layer, modules) },
  }).then(({ stdout }): unknown => JSON.parse(stdout));
};

describe('the configuration layer', () => {
  it('is found by NODE_PATH, parsed with its defaults, and read once a sandbox', async () => {
    expect(await readIn('good')).toMatchObject({
      sites: { main: { region: 'eu-central-1', webhook: { exposure: 'none' } } },
      isRead: 'once',
    });
  });

  it('that is missing is a defect which says what to do', async () => {
    expect(await readIn('nothing')).toEqual({
      name: 'DefectError',
      code: 'configuration.missing',
      message:
        'The configuration layer is not attached to this function; deploy again with `npm run deploy`.',
    });
  });

  it('that this release does not understand is no configuration', async () => {
    expect(await readIn('bad')).toMatchObject({ name: 'ZodError' });
  });
});
