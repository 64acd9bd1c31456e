import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../functions/records/backup/restore-plan.ts';
import { RestoreRequest } from '../../../functions/records/backup/restore-request.ts';

const asked = { environment: 'production', by: 'Ada', why: 'a table is gone' };

describe('what a person asks of a restore', () => {
  it('is a dry run into the scratch place when nothing else is said', () => {
    expect(RestoreRequest.parse(asked)).toEqual({ ...asked, target: 'scratch', dryRun: true, overrides: [] });
  });

  it.each([
    ['no environment', { ...asked, environment: undefined }, 'say whose backup is restored'],
    ['an empty environment', { ...asked, environment: ' ' }, 'say whose backup is restored'],
    ['nobody', { ...asked, by: '' }, 'say who you are'],
    ['no reason', { ...asked, why: undefined }, 'say why it is restored'],
    ['a name of a file as set', { ...asked, set: 'daily.tar' }, 'must be the id of a backup set'],
    ['a word that means nothing', { ...asked, force: true }, 'Unrecognized key: "force"'],
    [
      'an environment typed once',
      { ...asked, target: 'production', dryRun: false },
      'type "production" here as well',
    ],
    [
      'another name the second time',
      { ...asked, target: 'production', confirm: 'Production', dryRun: false },
      'is not "production"',
    ],
    [
      'an override without a reason',
      { ...asked, overrides: [{ check: 'gitops', why: '' }] },
      'say why it may be passed over',
    ],
    [
      'a drill onto people',
      { ...asked, drill: 'drill-1', target: 'production', confirm: 'production' },
      'a drill restores into "scratch" and nowhere else',
    ],
    [
      'a drill that lets a check pass',
      { ...asked, drill: 'drill-1', overrides: [{ check: 'gitops', why: 'it is late' }] },
      'a drill lets no check pass',
    ],
    ['a drill without a name', { ...asked, drill: '' }, 'Too small'],
  ])('%s is answered with what to write', (_, input, sentence) => {
    const parsed = RestoreRequest.safeParse(input);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues.map(({ message }) => message).join('\n')).toContain(sentence);
  });

  it.each([
    ['the environment typed twice', { target: 'production', confirm: 'production', dryRun: false }],
    ['a dry run of it, typed once', { target: 'production' }],
    ['the scratch place without a second word', { dryRun: false }],
    ['a drill by its id', { drill: 'drill-1', dryRun: false }],
  ])('%s is taken', (_, more) => {
    expect(RestoreRequest.safeParse({ ...asked, ...more }).success).toBe(true);
  });

  it('a scratch place is another one than its environment, so that each is locked for itself', () => {
    expect(placeOf({ kind: 'environment', environment: 'production' })).toBe('production');
    expect(placeOf({ kind: 'scratch', environment: 'production' })).toBe('production/scratch');
  });
});
