import { expect, it } from 'vitest';
import { describeIssue, listCodes } from '../../../../functions/upgrade/checks/rules/health-issue.ts';

it('an issue is a line with its resources behind it', () => {
  expect(describeIssue({ code: 'KmsKeyDisabled', message: 'It is disabled.', resources: ['a', 'b'] })).toBe(
    'KmsKeyDisabled: It is disabled. (a, b)',
  );
});

it('an issue without resources is a line without brackets', () => {
  expect(describeIssue({ code: 'Other', message: 'Unknown.', resources: [] })).toBe('Other: Unknown.');
});

it('a code is listed once, in the order of the issues', () => {
  expect(listCodes([{ code: 'B' }, { code: 'A' }, { code: 'B' }])).toBe('B, A');
  expect(listCodes([])).toBe('');
});
