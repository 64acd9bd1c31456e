import { describe, expect, it } from 'vitest';
import { listTasks, sumUpSubjects } from '../../../functions/upgrade/report/finding-order.ts';
import { buildFinding } from '../../support/upgrade-report.ts';

const remedy = { text: 'Replace its nodes.' };
const about = (check: string, subject: string) =>
  buildFinding({ id: `${check} ${subject}`, check, subject, remedy });

describe('a task', () => {
  it.each([
    [
      'of one finding is about its subject',
      [about('a', 'node group blue')],
      { first: 'node group blue', more: 0 },
    ],
    [
      'of two checks that speak of one thing names it once',
      [about('a', 'node group blue'), about('b', 'node group blue')],
      { first: 'node group blue', more: 0 },
    ],
    [
      'that mends several things counts the others',
      [about('a', 'node group blue'), about('b', 'node group blue'), about('b', 'node group green')],
      { first: 'node group blue', more: 1 },
    ],
  ])('%s', (_, findings, subjects) => {
    const tasks = listTasks({ findings }, findings[0]?.result ?? 'block');
    expect(tasks.map(sumUpSubjects)).toEqual([subjects]);
  });
});
