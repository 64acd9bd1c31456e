import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { addImports, readImports } from './rules/import-graph.ts';
import { checkLayers } from './rules/layers.ts';
import { plant, readTree } from './rules/tree.ts';

const tree = await readTree(fileURLToPath(new URL('../..', import.meta.url)));
const imports = await readImports(tree);

/** The breaches that one planted file adds. */
const checkWith = async (path: string, text: string): Promise<string[]> =>
  checkLayers(plant(tree, path, text), await addImports(imports, new Map([[path, text]])));

describe('who imports whom', () => {
  it('every import of the product keeps to its room', () => {
    expect(checkLayers(tree, imports)).toEqual([]);
  });

  it('has read the imports of this very tree, types and values', () => {
    const path = 'functions/clients/ledger.ts';
    expect(imports.all.get(path)).toEqual([
      'zod',
      'functions/runtime/clock.ts',
      'functions/runtime/errors.ts',
    ]);
    expect(imports.values.get(path)).toEqual(['functions/runtime/errors.ts']);
  });

  it('reads what there is to read: types and values, over several lines', async () => {
    const text = `import type { A } from './a.ts';\nexport {\n  b,\n  c,\n} from '../b.ts';\nconst d = import('d');\n`;
    const { values, all } = await readImports(new Map([['functions/rules/x.ts', text]]));
    expect(all.get('functions/rules/x.ts')).toEqual(['functions/rules/a.ts', 'functions/b.ts', 'd']);
    expect(values.get('functions/rules/x.ts')).toEqual(['functions/b.ts', 'd']);
  });

  it.each<[string, string, string, RegExp]>([
    [
      'a record knows a client',
      'functions/records/x.ts',
      '../clients/ledger.ts',
      /\(record\) imports .*\(client\)/,
    ],
    [
      'a rule knows a Lambda',
      'functions/rules/x.ts',
      '../deployment/apply-image.ts',
      /\(rule\) imports .*\(lambda\)/,
    ],
    [
      'a runtime file knows a client',
      'functions/runtime/x.ts',
      '../clients/eks.ts',
      /\(runtime\) imports .*\(client\)/,
    ],
    [
      'a client knows a rule of a capability',
      'functions/clients/x.ts',
      '../deployment/hold.ts',
      /\(client\) imports .*\(noun\)/,
    ],
    [
      'a contract knows a rule',
      'functions/deployment/x.contract.ts',
      './hold.ts',
      /\(contract\) imports .*\(noun\)/,
    ],
    [
      'a noun knows a Lambda',
      'functions/deployment/x.ts',
      './apply-image.ts',
      /\(noun\) imports .*\(lambda\)/,
    ],
    [
      'a noun loads an SDK by way of a client',
      'functions/deployment/x.ts',
      '../clients/ledger-s3.ts',
      /\(noun\) loads functions\/clients\/ledger-s3\.ts -> @aws-sdk\/client-s3/,
    ],
    [
      'a noun knows the steps that are wired',
      'functions/deployment/x.ts',
      './wiring.ts',
      /\(noun\) imports .*\(shared step\)/,
    ],
    [
      'a command knows a Lambda',
      'functions/commands/x.ts',
      '../deployment/apply-image.ts',
      /\(command\) imports .*\(lambda\)/,
    ],
    [
      'an SDK outside the clients',
      'functions/commands/x.ts',
      '@aws-sdk/client-s3',
      /only functions\/clients speaks to the outside/,
    ],
    [
      'a socket outside the clients',
      'functions/deployment/x.ts',
      'node:https',
      /only functions\/clients speaks to the outside/,
    ],
    [
      'a second way to make a Lambda',
      'functions/deployment/x.ts',
      '@middy/core',
      /only functions\/runtime\/lambda\.ts makes Lambdas/,
    ],
    [
      'a capability knows another',
      'functions/backup/x.ts',
      '../deployment/hold.ts',
      /capabilities meet in records/,
    ],
    [
      'infra knows a Lambda',
      'infra/x.ts',
      '../functions/deployment/apply-image.ts',
      /\(infra\) imports .*\(lambda\)/,
    ],
    [
      'infra knows a client',
      'infra/x.ts',
      '../functions/clients/ledger.ts',
      /\(infra\) imports .*\(client\)/,
    ],
    [
      'infra knows the local world',
      'infra/x.ts',
      './local/free-port.ts',
      /\(infra\) imports .*\(local world\)/,
    ],
    [
      'the product knows the local world',
      'functions/deployment/x.ts',
      '../../infra/local/free-port.ts',
      /\(noun\) imports .*\(local world\)/,
    ],
    [
      'the product knows a test',
      'functions/commands/x.ts',
      '../../test/support/fixed-clock.ts',
      /\(command\) imports .*\(test\)/,
    ],
  ])('notices that %s', async (_, path, to, says) => {
    for (const text of [`import type { A } from '${to}';\n`, `import { a } from '${to}';\n`].slice(
      /loads/.test(says.source) ? 1 : 0,
    )) {
      const found = await checkWith(path, text);
      expect(found.filter((violation) => violation.startsWith(`${path} `)).join('\n')).toMatch(says);
    }
  });

  it('notices an SDK that a record reaches over three files', async () => {
    const files = new Map([
      ['functions/deployment/policies/x.ts', `import { y } from './y.ts';\n`],
      ['functions/deployment/policies/y.ts', `import { S3Client } from '@aws-sdk/client-s3';\n`],
      ['functions/records/x.ts', `import { x } from '../deployment/policies/x.ts';\n`],
    ]);
    const found = checkLayers(new Map([...tree, ...files]), await addImports(imports, files));
    expect(found).toContain(
      'functions/records/x.ts (record) loads functions/deployment/policies/x.ts -> functions/deployment/policies/y.ts -> @aws-sdk/client-s3',
    );
  });
});
