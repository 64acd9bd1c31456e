import { expect, it } from 'vitest';
import * as z from 'zod';
import { readReportLines } from '../../../functions/backup/job/report-lines.ts';

const MARK = '{"drydock":"ask",';
const Line = z.strictObject({ drydock: z.literal('ask'), answer: z.int() });

it.each<[string, string, number[]]>([
  ['nothing', '', []],
  ['each line of its own', `${MARK}"answer":1}\n${MARK}"answer":2}\n`, [1, 2]],
  ['no line of another program', `{"level":"info","answer":1}\n${MARK}"answer":2}`, [2]],
  ['no line with its mark elsewhere', ` ${MARK}"answer":1}\nsaid ${MARK}"answer":2}`, []],
  ['no line that was cut', `${MARK}"answer":1}\n${MARK}"ans`, [1]],
  ['no line of another shape', `${MARK}"answer":"1"}\n${MARK}"answer":1,"more":2}`, []],
])('of a log is read %s', (_, log, answers) => {
  expect(readReportLines(log, MARK, Line).map(({ answer }) => answer)).toEqual(answers);
});
