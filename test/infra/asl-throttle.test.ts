import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';

const FOLDER = new URL('../../state-machines/', import.meta.url);
/** A hundred rollouts in an account of small quota take turns for minutes. Seconds. */
const PATIENCE = 300;

const Retrier = z.object({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number(),
  MaxAttempts: z.number(),
  BackoffRate: z.number(),
  MaxDelaySeconds: z.number(),
});
const Task = z.object({ Resource: z.literal('arn:aws:states:::lambda:invoke'), Retry: z.array(Retrier) });

/** Every Task of a definition that calls a Lambda, however deep it lies. */
const findTasks = (value: unknown, name: string): [string, z.output<typeof Task>][] => {
  const task = Task.safeParse(value);
  if (task.success) return [[name, task.data]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => findTasks(inner, key));
};

const rows = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.asl.json'))
  .flatMap((file) =>
    findTasks(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')), file).map(
      ([state, task]) => [file, state, task] as const,
    ),
  );

it.each(rows)('%s: %s waits minutes for its turn when Lambda is busy', (_file, _state, { Retry }) => {
  // The first that names an error decides, so that it must come before those that try a few times only.
  const retrier = Retry.find(({ ErrorEquals }) => ErrorEquals.includes('Lambda.TooManyRequestsException'));
  const { IntervalSeconds = 0, MaxAttempts = 0, BackoffRate = 1, MaxDelaySeconds = 0 } = retrier ?? {};
  const pauses = Array.from({ length: MaxAttempts }, (_, attempt) =>
    Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt),
  );
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(PATIENCE);
});

it('finds the Tasks it speaks of', () => {
  expect(rows.length).toBeGreaterThan(10);
});
