import { describe, expect, it } from 'vitest';
import { judgeApproval } from '../../functions/rules/approval.ts';

const expected = { plan: 'a1b2', startedBy: 'Ada' };

describe('an answer to a request for approval', () => {
  it('that names the plan and comes from somebody else is an approval', () => {
    expect(judgeApproval({ plan: 'a1b2', by: 'Grace' }, expected)).toEqual({ ok: true, by: 'Grace' });
  });

  it.each<[string, unknown, RegExp]>([
    ['for another plan', { plan: 'ffff', by: 'Grace' }, /approved the plan ffff, and this is the plan a1b2/],
    ['by who asked for it', { plan: 'a1b2', by: 'Ada' }, /Ada asked for this plan/],
    ['by who asked for it, in other letters', { plan: 'a1b2', by: ' aDa ' }, /asked for this plan/],
    ['by who asked for it, in full-width letters', { plan: 'a1b2', by: 'Ａda' }, /asked for this plan/],
    ["with the command's place for a name left as it stood", { plan: 'a1b2', by: '<you>' }, /names nobody/],
    ['by nobody', { plan: 'a1b2', by: '  ' }, /is no approval/],
    ['without a plan', { by: 'Grace' }, /is no approval/],
    ['that is a text', 'yes', /is no approval/],
    ['that is empty', undefined, /is no approval/],
    ['that is a list', [{ plan: 'a1b2', by: 'Grace' }], /is no approval/],
  ])('%s is refused', (_, answer, reason) => {
    expect(judgeApproval(answer, expected)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });
});
