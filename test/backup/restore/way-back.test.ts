import { expect, test } from 'vitest';
import { findRestore } from '../../../functions/backup/restore/reading/restore-subject.ts';
import { judgeWayBack } from '../../../functions/backup/restore/reading/safety-check.ts';
import { makeBackupConfiguration } from '../../infra/support/backup-stacks.ts';

/** Whether objects could be put back stands in the plan before anything is replaced. */

const judge = (settings: object, target = 'production') =>
  judgeWayBack(findRestore(makeBackupConfiguration(settings), { environment: 'production', target }));

test.each<[string, object, string | undefined, string[]]>([
  ['without a named bucket it is warned of', {}, undefined, ['way-back warn']],
  ['with some that are named it is not', { sourceBuckets: ['gitlab-*'] }, undefined, []],
  ['one that stands for all names none', { sourceBuckets: ['gitlab-*', '*'] }, undefined, ['way-back warn']],
  ['a scratch has nothing to put back', { restore: { scratch: { namespace: 'scratch' } } }, 'scratch', []],
])('%s', (_, settings, target, found) => {
  expect(judge(settings, target).map(({ code, outcome }) => `${code} ${outcome}`)).toEqual(found);
});
