import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { loadContracts } from '../support/contracts.ts';

/**
 * A running execution keeps its definition, but its next step gets tomorrow's code: what a released state machine sends
 * must still be read, and what it reads from an answer must still be there. Samples of a release are never edited; a
 * new release adds a folder.
 */

const FOLDER = path.join(import.meta.dirname, 'release-samples');
const Sample = z.strictObject({ function: z.string(), input: z.unknown(), output: z.looseObject({}) });

const samples = readdirSync(FOLDER).flatMap((release) =>
  readdirSync(path.join(FOLDER, release)).map((file) => {
    const text = readFileSync(path.join(FOLDER, release, file), 'utf8');
    return { release, name: file.replace('.json', ''), ...Sample.parse(JSON.parse(text)) };
  }),
);
const contracts = await loadContracts('deployment');

describe.each(samples)('release $release: $name', ({ function: name, input, output }) => {
  const contract = contracts.get(name);

  test('today the function is still there and reads this input', () => {
    expect(contract?.Input.safeParse(input).error).toBeUndefined();
    expect(contract).toBeDefined();
  });

  test('today it may still answer this, and nothing of it is left out', () => {
    expect(contract?.Output.parse(output)).toMatchObject(output);
  });
});

test('each release has a sample of each function that it had', () => {
  const sampled = samples.filter(({ release }) => release === '0.1.0').map(({ function: name }) => name);
  expect([...new Set(sampled)].toSorted()).toEqual([
    'apply-image',
    'collect-logs',
    'decide-targets',
    'defer-image',
    'finish-rollout',
    'handle-failure',
    'plan-sweep',
    'receive-webhook',
    'repair-records',
    'roll-back',
    'set-control',
    'start-deployment',
    'start-rollouts',
    'sweep-repository',
    'verify-image',
    'watch-rollout',
  ]);
});
