import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRunningWorld, takeRunFolder } from '../../infra/local/run-folder.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'drydock-run-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const take = (folder: string): ReturnType<typeof takeRunFolder> => takeRunFolder(folder, () => undefined);

describe("a run's folder", () => {
  it('is made when absent, and empty of what an earlier run wrote', async () => {
    const folder = join(parent, 'run');
    await (await take(folder))();
    const own = await readdir(folder);
    await writeFile(join(folder, 'drydock.yaml'), 'of an earlier run');
    await (await take(folder))();
    expect(await readdir(folder)).toEqual(own);
  });

  it('is not taken when it holds what is not ours, which stays', async () => {
    await writeFile(join(parent, 'thesis.txt'), 'years of work');
    await expect(take(parent)).rejects.toThrow(/holds other files.*--folder/);
    expect(await readdir(parent)).toEqual(['thesis.txt']);
  });

  it('has no running world to push to until one is up', async () => {
    expect(await findRunningWorld(parent)).toBeUndefined();
  });
});
