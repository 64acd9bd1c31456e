import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LogEvidence } from '../../functions/backup/verify/log-evidence.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import type { BackupPart } from '../../functions/records/backup/set-parts.ts';
import { ARCHIVE_NAME, gitlabFiles, informationText, without } from './verify/gitlab-archive.ts';
import { gitlabDump } from './verify/gitlab-dump.ts';
import { createVerifyWorld, jobFact, SET, unreadSet } from './verify-set-world.ts';

/** Repositories of a set against the projects of its dump and against the log of its Job. */

const codesOf = (set: BackupSet): string[] =>
  (set.verification?.reasons ?? []).flatMap(({ code, result }) => (result === 'note' ? [] : [code]));

const gitalyPart = (projects: number): BackupPart => ({
  kind: 'gitaly',
  takenAt: '2025-11-21T02:00:05.000Z',
  id: SET.id,
  bucket: 'gitaly',
  projects,
});

const filesWith = async (projects: number, locked: readonly string[] = []) => ({
  ...(await gitlabFiles()),
  'db/database.sql.gz': gzipSync(
    gitlabDump(
      Array.from({ length: projects }, () => ({ commits: 2 })),
      locked,
    ),
  ),
});
/** The repositories lie in Gitaly's own bucket. */
const elsewhere = async (projects: number) => ({
  ...without(await filesWith(projects), 'repositories'),
  'backup_information.yml': `${informationText()}:repositories_server_side: true\n`,
});

/** The Job's log says that so many were written, and was read to its end or not. */
const logged = (repositories: LogEvidence['repositories'], complete = true) => {
  const { log, ...job } = jobFact({ repositoriesServerSide: true });
  const done = `s3://backups/${ARCHIVE_NAME}`;
  return {
    ...job,
    log: { ...log, complete, evidence: { ...log.evidence, done, ...(repositories && { repositories }) } },
  };
};

describe("a set whose repositories lie in Gitaly's own bucket", () => {
  it.each([
    [7, 7, 'verified', []],
    [6, 7, 'verified', []],
    [5, 7, 'incomplete', ['repositories-missing']],
    [0, 1, 'incomplete', ['repositories-missing']],
  ])('with %i of them for %i projects of its dump is %s', async (found, projects, outcome, codes) => {
    const set = unreadSet({ parts: [...unreadSet().parts, gitalyPart(found)] });
    const world = await createVerifyWorld({ set, files: await elsewhere(projects), job: logged(undefined) });
    expect(await world.verify()).toMatchObject({ outcome });
    expect(codesOf(await world.set())).toEqual(codes);
  });

  it.each([
    ['read to its end', true, 'verified', []],
    ['of which the end is missing', false, 'not-checked', ['server-side-uncounted']],
  ])('and whose dump is not read goes by a log %s', async (_, complete, outcome, codes) => {
    const set = unreadSet({ parts: [...unreadSet().parts, gitalyPart(7)] });
    const world = await createVerifyWorld({
      set,
      files: await elsewhere(7),
      job: logged({ projects: 7, besides: 2 }, complete),
      dumpReadLimit: 1,
      policy: { acceptUnreadDumps: true },
    });
    expect(await world.verify()).toMatchObject({ outcome });
    expect(codesOf(await world.set())).toEqual(codes);
  });

  it('is not checked as long as nobody counted them', async () => {
    const world = await createVerifyWorld({ files: await elsewhere(7), job: logged(undefined) });
    expect(await world.verify()).toMatchObject({ outcome: 'not-checked' });
    expect(codesOf(await world.set())).toEqual(['server-side-uncounted']);
  });

  it('goes by the same log when it is verified again, and the facts of its run are gone', async () => {
    const set = unreadSet({ parts: [...unreadSet().parts, gitalyPart(6)] });
    const world = await createVerifyWorld({
      set,
      files: await elsewhere(6),
      job: logged({ projects: 7, besides: 0 }),
    });
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete' });
    await world.ledger.remove(backupRunKey(SET, 'job'));
    const again = await world.verify({ looked: true }, { execution: 'again' });
    expect(again).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world.set())).toEqual(['repositories-missing']);
  });
});

describe('a set whose repositories lie in its archive', () => {
  it.each([
    [1, [], 'verified', []],
    [3, [], 'incomplete', ['repositories-missing']],
    [1, ['ci_builds'], 'incomplete', ['dump-missing']],
  ])('with %i projects in its dump and locks on %j is %s', async (projects, locked, outcome, codes) => {
    const world = await createVerifyWorld({ files: await filesWith(projects, locked), job: jobFact() });
    expect(await world.verify()).toMatchObject({ outcome });
    expect(codesOf(await world.set())).toEqual(codes);
  });
});
