import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runOpenLoop } from './open-loop.ts';

it('sends what is due although nothing was answered yet', async () => {
  const answers: (() => void)[] = [];
  const loop = runOpenLoop({
    perSecond: 1_000,
    count: 5,
    send: () => new Promise((resolve) => void answers.push(resolve)),
  });
  while (answers.length < 5) await setImmediate();
  for (const answer of answers) answer();
  const { latencies, failures } = await loop;
  expect({ answered: latencies.length, failures }).toEqual({ answered: 5, failures: [] });
});

it('counts a failure as one, and not as a fast answer', async () => {
  const send = async (index: number): Promise<void> => {
    if (index === 1) throw new Error('refused');
  };
  const { latencies, failures } = await runOpenLoop({ perSecond: 1_000, count: 3, send });
  expect({ answered: latencies.length, failures }).toEqual({ answered: 2, failures: ['refused'] });
});
