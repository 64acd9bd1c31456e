import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { addImports, readImports } from './rules/import-graph.ts';
import { checkLambdas, checkMachines, checkSampleInputs, checkSamples } from './rules/lambdas.ts';
import { lambdasOf } from './rules/rooms.ts';
import { plant, readTree } from './rules/tree.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tree = await readTree(root);
const imports = await readImports(tree);

/** What a plant adds to what is there. */
const added = (found: readonly string[], known: readonly string[]): string[] =>
  found.filter((violation) => !known.includes(violation));

const APPLY = 'functions/deployment/apply-image.ts';
const apply = tree.get(APPLY) ?? '';

describe('every Lambda', () => {
  it('has a contract, a handler of the one bundle, a run, and a test', () => {
    expect(checkLambdas(tree, imports)).toEqual([]);
  });

  it('is deployed by the infra of its capability', () => {
    const infra = [...tree].filter(([path]) => /^infra\/[^/]*\.ts$/.test(path));
    const isDeployed = (entry: string): boolean => {
      const [capability = '', name = ''] = entry.split('/');
      return infra.some(
        ([path, text]) =>
          text.includes(`'${entry}'`) ||
          (path.startsWith(`infra/${capability}`) && text.includes(`'${name}'`)),
      );
    };
    const entries = lambdasOf(tree).map((path) => path.replaceAll(/^functions\/|\.ts$/g, ''));
    expect(entries.length).toBeGreaterThan(15);
    expect(entries.filter((entry) => !isDeployed(entry))).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    [
      'a contract without function',
      'functions/deployment/bake-cake.contract.ts',
      '',
      'functions/deployment/bake-cake.contract.ts is the contract of no function; write functions/deployment/bake-cake.ts',
    ],
    [
      'a handler without contract',
      'functions/deployment/bake-cake.ts',
      'export const handler = makeLambda({});',
      'functions/deployment/bake-cake.ts exports a handler and has no contract; write functions/deployment/bake-cake.contract.ts',
    ],
    [
      'a handler of another make',
      APPLY,
      apply.replace('handler = makeLambda(', 'handler = middy('),
      `${APPLY}: its handler is not made by makeLambda`,
    ],
    [
      'a use case that no test reaches',
      APPLY,
      apply.replace('export const run', 'const run'),
      `${APPLY} exports no run for the tests`,
    ],
    [
      "a handler of a stranger's contract",
      APPLY,
      apply.replace('./apply-image.contract.ts', './roll-back.contract.ts'),
      `${APPLY} does not know its own contract`,
    ],
  ])('notices %s', async (_, path, text, violation) => {
    const found = checkLambdas(plant(tree, path, text), await addImports(imports, new Map([[path, text]])));
    expect(added(found, checkLambdas(tree, imports))).toEqual([violation]);
  });

  it('notices a Lambda that no test imports', () => {
    const untested = [...imports.values].filter(([path]) => !path.startsWith('test/'));
    const found = checkLambdas(tree, { ...imports, values: new Map(untested) });
    expect(found).toContain(`${APPLY} is imported by no test`);
  });
});

describe('every sample event', () => {
  it('belongs to a Lambda, and every Lambda has one', () => {
    expect(checkSamples(tree)).toEqual([]);
  });

  it('is what its Lambda takes', async () => {
    expect(await checkSampleInputs(tree, root)).toEqual([]);
  });

  it('notices a Lambda without sample and a sample without Lambda', () => {
    const moved = new Map(
      [...tree].map(([path, text]) => [path.replace('/plan-sweep.schedule', '/plan-swep.schedule'), text]),
    );
    expect(checkSamples(moved)).toEqual([
      'deployment/plan-sweep has no sample; write events/deployment/plan-sweep.<case>.json',
      'events/deployment/plan-swep.schedule.json is the sample of no Lambda',
    ]);
  });

  it('notices a sample that its Lambda refuses', async () => {
    const path = 'events/deployment/set-control.pause-all.json';
    const [violation] = await checkSampleInputs(plant(tree, path, '{"pause":"all"}'), root);
    expect(violation).toMatch(
      /^events\/deployment\/set-control\.pause-all\.json is not what its Lambda takes: /,
    );
  });
});

describe('every state machine', () => {
  it('is deployed, calls Lambdas that are there, and is run by a test of the world', () => {
    expect(checkMachines(tree)).toEqual([]);
  });

  it('notices one that is not', () => {
    const machine = '{"States":{"A":{"Arguments":{"FunctionName": "${BakeCakeArn}"}}}}';
    const found = checkMachines(plant(tree, 'state-machines/bakery.asl.json', machine));
    expect(added(found, checkMachines(tree))).toEqual([
      'state-machines/bakery.asl.json is deployed by no construct in infra/',
      'state-machines/bakery.asl.json is run by no *.world.test.ts',
      'state-machines/bakery.asl.json calls BakeCake, and there is no such Lambda',
    ]);
  });
});
