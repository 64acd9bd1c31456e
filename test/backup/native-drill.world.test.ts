import { beforeAll, describe, expect, it } from 'vitest';
import { NATIVE, SCRATCH_INSTANCE } from '../../infra/local/gitlab-release/names.ts';
import { viewBackups } from '../support/world/backups.ts';
import { viewDrills } from '../support/world/drills.ts';
import { type GitLabContent, viewContent } from '../support/world/gitlab-content.ts';
import { useWorld } from '../support/world/use-world.ts';

/**
 * A native set that is rehearsed on the local world: RDS makes a second database of its snapshot for a second GitLab, its
 * objects are copied into buckets of that, and Gitaly there reads the repositories of the set. Waits are a sixteenth, and
 * pods sleep a twentieth.
 */
const world = useWorld(() => ({}), {
  waitScale: 0.06,
  gitlabRelease: { native: true, scratch: true, pace: 20 },
});
const backups = viewBackups(world);
const drills = viewDrills(world);
const content = viewContent(world);
const scratch = viewContent(world, 'scratch');
const filledScratch = viewContent(world, 'scratch', 'gitlab');

const PATIENT = { timeout: 300_000 };
const NOTHING = { awake: {}, policies: [], jobs: [] };

let set = '';
let saved: GitLabContent;
let own: GitLabContent;
beforeAll(async () => {
  saved = await content.read();
  own = await scratch.read();
  const arn = await backups.start('native');
  await backups.end(arn);
  ({ id: set } = await backups.set(arn));
});

const rds = () => {
  const found = world().rds;
  if (!found) throw new Error('The world has an RDS.');
  return found;
};

describe('a drill of a native set', PATIENT, () => {
  it('restores all of it behind a closed network, and leaves the place as it was', async () => {
    const names = rds().names();
    // Whoever asks for the sign-in page has to wait until somebody has looked.
    drills.network({ silent: [drills.web()] });
    const arn = await drills.start();
    const filled = await drills.until(
      'the web pods are asked',
      ({ made, outcome }) =>
        outcome !== undefined || made.some(({ name, uid }) => name.includes('sign-in') && uid !== undefined),
    );
    expect(filled.failure).toBeUndefined();
    const restored = await filledScratch.read();
    const meanwhile = Object.values(rds().names());
    drills.network({});
    const { outcome, reasons } = await drills.end(arn);

    expect([outcome, reasons]).toEqual(['passed', expect.anything()]);
    expect(filled.set.id).toBe(set);
    expect(restored.tables).toEqual(saved.tables);
    expect(restored.objects).toEqual(saved.objects);
    expect(restored.repositories).toEqual(saved.repositories);
    expect(meanwhile).toEqual(
      expect.arrayContaining([
        NATIVE.instance,
        SCRATCH_INSTANCE,
        expect.stringMatching(new RegExp(`^${SCRATCH_INSTANCE}-before-`)),
      ]),
    );
    expect(rds().names()).toEqual(names);
    expect((await scratch.read()).secrets).toEqual(own.secrets);
    expect(await drills.standing()).toEqual(NOTHING);
    expect(await drills.isFree()).toBe(true);
    expect(await content.read()).toEqual(saved);
  });

  it('deletes what it has made, under a role that may delete nothing else', async () => {
    const deleted = rds().calls('DeleteDBInstance');
    expect(deleted.length).toBeGreaterThan(0);
    const ask = JSON.stringify(deleted);
    expect(ask).toContain(`${SCRATCH_INSTANCE}-restore-`);
    expect(ask).not.toContain(NATIVE.instance);
  });
});
