import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What the compiler says of a Lambda whose environment is not the one of its contract: the real command, on planted files. */

/** Beside nobody's sources, so that no other compiler run or linter meets what is planted to fail. */
const CACHE = path.join(import.meta.dirname, '../../node_modules/.cache');

const planted = {
  complete: "{ LEDGER_BUCKET: 'ledger', CUPS: '3' }",
  forgotten: "{ LEDGER_BUCKET: 'ledger' }",
  surplus: "{ LEDGER_BUCKET: 'ledger', CUPS: '3', SUGAR: '1' }",
};
mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(path.join(CACHE, 'drydock-planted-'));
afterAll(() => rmSync(folder, { recursive: true }));
let said = '';

/** All at once, since starting the real compiler and reading the types of CDK is what takes long. */
beforeAll(() => {
  for (const [name, environment] of Object.entries(planted)) {
    writeFileSync(path.join(folder, `${name}.ts`), plant(environment));
  }
  const files = Object.keys(planted).map((name) => `${name}.ts`);
  const tsconfig = path.join(folder, 'tsconfig.json');
  writeFileSync(tsconfig, JSON.stringify({ extends: '../../../tsconfig.json', include: [], files }));
  const tsc = path.join(import.meta.dirname, '../../node_modules/.bin/tsc');
  said = spawnSync(tsc, ['-p', tsconfig], { encoding: 'utf8' }).stdout;
}, 120_000);

const plant = (environment: string): string => `import { Duration, Stack } from 'aws-cdk-lib';
import { NodeLambda } from '../../../infra/constructs/node-lambda.ts';
import * as contract from '../../../test/infra/fixtures/functions/shop/serve-coffee.contract.ts';
export const planted = new NodeLambda(new Stack(), 'Planted', {
  entry: 'shop/serve-coffee', contract, description: '', timeout: Duration.seconds(1),
  environment: ${environment},
});
`;
const saidOf = (name: string): string =>
  said
    .split(/\n(?=\S)/)
    .filter((line) => line.includes(`${name}.ts`))
    .join('\n');

test('a complete environment compiles', () => {
  expect(saidOf('complete')).toBe('');
});
test('a forgotten variable does not', () => {
  expect(saidOf('forgotten')).toMatch(/'CUPS' is missing/);
});
test('a variable too many does not', () => {
  expect(saidOf('surplus')).toMatch(/'SUGAR' does not exist/);
});
